#include "ui/handover/consumertree.h"

#include "core/counted.h"
#include "ui/handover/inspectedpath.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>

namespace Ui {

using namespace Qt::StringLiterals;
using EnvFile::ConsumerView;

namespace {

/// What to know of one consumer, a row each.
QStringList findings(const ConsumerView &consumer, const EnvFile::Variables &meant)
{
    QStringList rows;
    if (!consumer.reading.refusal.isEmpty())
        rows.append(ConsumerTree::tr("It refuses the file: %1").arg(consumer.reading.refusal));
    for (const QByteArray &name : consumer.astray) {
        const EnvFile::ReadVariable *read = consumer.reading.find(name);
        const QString shown = QString::fromUtf8(name);
        const bool isMeant = std::any_of(meant.cbegin(), meant.cend(),
                                         [&name](const auto &one) { return one.first == name; });
        if (!isMeant) { // spelt out: a mark in front of a name cannot be seen
            rows.append(ConsumerTree::tr("A variable is read that nobody meant: %1")
                            .arg(QString::fromLatin1(name.toPercentEncoding("=. "))));
            continue;
        }
        rows.append(read ? ConsumerTree::tr("%1 is read otherwise (%2 bytes)")
                               .arg(shown)
                               .arg(read->value.size())
                         : ConsumerTree::tr("%1 is not seen").arg(shown));
    }
    for (const EnvFile::Remark &remark : consumer.reading.remarks)
        rows.append(sentence(remark));
    return rows;
}

} // namespace

ConsumerTree::ConsumerTree(QWidget *parent)
    : QTreeWidget(parent)
{
    setObjectName(u"inspectConsumers"_s);
    setAccessibleName(tr("What each consumer reads"));
    setHeaderLabels({tr("Read by"), tr("Reads")});
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
}

void ConsumerTree::setInspection(const EnvFile::Inspection &inspection)
{
    clear();
    for (const ConsumerView &consumer : inspection.consumers) {
        const bool good = consumer.asMeant();
        auto *item = new QTreeWidgetItem(
            this, {consumer.format->title,
                   good ? Core::counted(inspection.meant.size(), tr("✔ %1 variable, as meant"), tr("✔ %1 variables, as meant"))
                        : tr("✖ otherwise than meant")});
        item->setForeground(
            1, observationColor(good ? Access::Observation::Allowed : Access::Observation::Denied,
                                palette()));
        for (const QString &finding : findings(consumer, inspection.meant)) {
            auto *row = new QTreeWidgetItem(item, {QString(), finding});
            row->setToolTip(1, finding.toHtmlEscaped());
        }
        item->setExpanded(!good);
    }
}

} // namespace Ui
