// What AccessPage keeps: the last check of each principal, reports, contracts, settings.
#include "ui/access/accesspage.h"

#include "ui/access/accessdetails.h"
#include "ui/access/accessforms.h"
#include "ui/access/checkbar.h"
#include "ui/access/reportbutton.h"
#include "ui/models/accessmatrixmodel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/legend.h"

#include <QSettings>
#include <QSplitter>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;

// Thousands of cells are read and written: off the GUI thread.
void AccessPage::keep(const AccessReport &report)
{
    struct Kept
    {
        Core::Result<std::optional<Access::Drift>> drift;
        QString setAside;
    };
    inBackground<Kept>(
        this,
        [history = m_history, principal = m_principal, report] {
            QString setAside;
            auto drift = history.keep(principal, report, &setAside);
            return Kept{std::move(drift), setAside};
        },
        [this, started = report.startedAt](const Kept &kept) {
            if (!kept.setAside.isEmpty())
                m_error->setError({.kind = Core::Error::Kind::InvalidInput,
                                   .message = kept.setAside,
                                   .nextStep = tr("This check was kept in its place.")});
            if (!kept.drift)
                return m_error->setError(kept.drift.error());
            if (!m_report || m_report->startedAt != started) // another check has begun meanwhile
                return;
            m_drift = *kept.drift;
            m_details->setDrift(m_drift);
            offerReport();
        });
}

void AccessPage::showContract()
{
    m_model->setContract(m_details->contract());
    m_legend->setContract(m_details->contract().has_value());
    if (!m_principal.id.isEmpty())
        m_contracts.insert(m_principal.id, m_details->contractPath());
    offerReport();
}

void AccessPage::offerReport()
{
    if (m_report)
        m_save->setForms(accessStem(*m_report),
                         accessForms(*m_report, {m_details->contract(), m_drift}));
}

void AccessPage::saveState(QSettings &settings)
{
    settings.setValue(u"access/roles"_s, m_bar->predictName());
    settings.setValue(u"access/splitter"_s, m_splitter->saveState());
    settings.remove(u"contracts"_s);
    for (auto contract = m_contracts.cbegin(); contract != m_contracts.cend(); ++contract) {
        if (!contract->isEmpty())
            settings.setValue(u"contracts/"_s + contract.key(), *contract);
    }
}

void AccessPage::restoreState(QSettings &settings)
{
    m_bar->setPredictName(settings.value(u"access/roles"_s, u"self"_s).toString());
    m_splitter->restoreState(settings.value(u"access/splitter"_s).toByteArray());
    settings.beginGroup(u"contracts"_s);
    const QStringList ids = settings.childKeys();
    for (const QString &id : ids)
        m_contracts.insert(id, settings.value(id).toString());
    settings.endGroup();
}

} // namespace Ui
