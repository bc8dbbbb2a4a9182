#include "ui/access/whypanel.h"

#include "ui/models/witnesses.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/marks.h"
#include "ui/widgets/theme.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::Probe;

namespace {

// A mark of the matrix as a picture, crisp at every scale.
QPixmap markPixmap(Observation observation, const QWidget *widget)
{
    const int size = widget->fontMetrics().height();
    QPixmap pixmap(QSize(size, size) * widget->devicePixelRatioF());
    pixmap.setDevicePixelRatio(widget->devicePixelRatioF());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    drawMark(&painter, observation, QPointF(size / 2.0, size / 2.0), size * 0.3,
             observationColor(observation, widget->palette()));
    return pixmap;
}

} // namespace

WhyPanel::WhyPanel(QWidget *parent)
    : QFrame(parent)
{
    setObjectName(u"whyPanel"_s);
    m_verdict = plainLabel({}, this);
    m_verdict->setObjectName(u"whyVerdict"_s);
    QFont bold = m_verdict->font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(bold.pointSizeF() * 1.1);
    m_verdict->setFont(bold);
    m_hint = quietLabel(tr("Each cell is observed by one request that cannot change data. Arrow "
                           "keys move, Enter opens; with Shift "
                           "several cells are chosen for the smallest fix."),
                        this);
    m_cause = plainLabel({}, this);
    m_cause->setObjectName(u"whyCause"_s);
    m_nextStep = plainLabel({}, this);
    m_nextStep->setObjectName(u"whyNextStep"_s);

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(6);
    m_witnesses = makeWitnesses();
    m_commandRow = makeCommand();
    m_wait = new QPushButton(tr("Wait until effective"), this);
    m_wait->setObjectName(u"waitButton"_s);
    m_wait->setToolTip(tr("Asks again every ten seconds, and tells how long it took"));
    connect(m_wait, &QPushButton::clicked, this, &WhyPanel::waitRequested);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_verdict, m_hint, m_cause, m_nextStep,
                                                            m_witnesses, m_commandRow})
        layout->addWidget(widget);
    layout->insertWidget(layout->indexOf(m_nextStep) + 1, m_wait, 0, Qt::AlignLeft);
    layout->addStretch(1);
    showHint();
}

QWidget *WhyPanel::makeWitnesses()
{
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 2, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(2, 1);
    for (int row = 0; row < 3; ++row) {
        auto *mark = new QLabel(box);
        mark->setTextFormat(Qt::PlainText);
        QLabel *says = plainLabel({}, box);
        says->setWordWrap(false);
        QLabel *detail = quietLabel({}, box);
        detail->setObjectName(u"whyWitness%1"_s.arg(row));
        grid->addWidget(mark, row, 0, Qt::AlignTop);
        grid->addWidget(says, row, 1, Qt::AlignTop);
        grid->addWidget(detail, row, 2, Qt::AlignTop);
        m_rows.append({mark, says, detail});
    }
    return box;
}

QWidget *WhyPanel::makeCommand()
{
    auto *row = new QWidget(this);
    m_command = new ElidedLabel(row);
    m_command->setObjectName(u"whyCommand"_s);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_command, 1);
    layout->addWidget(copyButton(
                          tr("az command"), [this] { return m_command->fullText(); }, row),
                      0, Qt::AlignTop);
    return row;
}

void WhyPanel::showHint()
{
    m_verdict->setText(tr("Choose a cell to see why."));
    m_hint->show();
    m_witnesses->hide();
    setFinding(std::nullopt);
}

void WhyPanel::show(const Probe &probe, const Cell &cell, const QString &predictedBy)
{
    m_verdict->setText(headline(probe, cell));
    m_hint->hide();
    m_witnesses->show();
    const QList<Witness> all = witnesses(probe, cell, predictedBy);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const Witness &witness = all[i];
        m_rows[i].mark->setPixmap(markPixmap(witness.verdict, this));
        m_rows[i].says->setText(tr("%1: %2").arg(witness.name, witness.says));
        m_rows[i].detail->setText(QStringList{witness.eyes, witness.detail}
                                      .filter(QRegularExpression(u"."_s))
                                      .join(u'\n'));
    }
    setFinding(cell.finding);
    if (!cell.finding) {
        m_cause->setText(tr("Permission: %1").arg(cell.permission));
        m_cause->setVisible(!cell.permission.isEmpty());
    }
}

void WhyPanel::show(const Access::Finding &finding)
{
    m_verdict->setText(tr("This concerns the whole account."));
    m_hint->hide();
    m_witnesses->hide();
    setFinding(finding);
}

void WhyPanel::setFinding(const std::optional<Access::Finding> &finding)
{
    m_cause->setVisible(finding.has_value());
    m_nextStep->setVisible(finding && !finding->nextStep.isEmpty());
    m_commandRow->setVisible(finding && !finding->command.isEmpty());
    m_wait->setVisible(finding && finding->id == u"still-propagating");
    if (!finding)
        return;
    m_cause->setText(causeInWords(*finding));
    m_nextStep->setText(tr("Next: %1").arg(finding->nextStep));
    m_command->setFullText(finding->command);
}

} // namespace Ui
