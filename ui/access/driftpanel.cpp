#include "ui/access/driftpanel.h"

#include "core/counted.h"
#include "ui/models/driftmodel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tables.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

DriftPanel::DriftPanel(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"driftPanel"_s);
    m_model = new DriftModel(this);
    m_title = plainLabel({}, this);
    m_title->setObjectName(u"driftTitle"_s);
    m_table = plainTable(m_model, tr("Changes since the last check"), this);
    m_table->setObjectName(u"driftTable"_s);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_table, 100);
    layout->addStretch(1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (const Access::Change *change = m_model->changeAt(index))
                    emit changeChosen(change->container, change->operation);
            });
    setDrift(std::nullopt);
}

void DriftPanel::setDrift(const std::optional<Access::Drift> &drift)
{
    m_model->setChanges(drift ? drift->changes : QList<Access::Change>());
    m_table->setVisible(drift && !drift->changes.isEmpty());
    if (!drift) {
        m_title->setText(tr("Each check is kept, without anything secret; the next one says here "
                            "what has changed."));
        return;
    }
    const QString since = drift->since.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s);
    m_title->setText(drift->changes.isEmpty()
                         ? tr("Nothing has changed since the check of %1.").arg(since)
                         : Core::counted(drift->changes.size(), tr("%1 change since the check of %2."),
                                         tr("%1 changes since the check of %2."))
                               .arg(since));
}

} // namespace Ui
