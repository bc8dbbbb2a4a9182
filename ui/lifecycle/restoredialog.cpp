#include "ui/lifecycle/restoredialog.h"

#include "lifecycle/registerapplication.h"
#include "services/services.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/steplist.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::RegisterApplication;
using Lifecycle::RestorePrincipal;
using Lifecycle::Retirement;

RestoreDialog::RestoreDialog(Services::Services &services, QWidget *parent, PartsFor parts)
    : QDialog(parent)
    , m_services(services)
    , m_partsFor(orOperators(std::move(parts), services))
{
    setObjectName(u"restoreDialog"_s);
    setWindowTitle(tr("Restore a retired principal"));
    m_intro = plainLabel({}, this);
    m_intro->setObjectName(u"restoreIntro"_s);
    m_list = new QListWidget(this);
    m_list->setObjectName(u"retiredList"_s);
    m_list->setAccessibleName(tr("Retired principals"));
    m_days = new DaysBox(tr("The new secret lasts"), RegisterApplication::longestDays,
                         RegisterApplication::defaultDays, this);
    m_steps = new StepList(this);
    m_error = new ErrorPanel(this);
    auto *buttons = new QDialogButtonBox(this);
    m_restore = buttons->addButton(tr("&Restore"), QDialogButtonBox::ActionRole);
    m_restore->setObjectName(u"restoreButton"_s);
    m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_close->setObjectName(u"closeButton"_s);
    auto *form = new QFormLayout;
    form->addRow(tr("Its new secret &lasts"), m_days);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_intro);
    layout->addWidget(m_list, 1);
    layout->addLayout(form);
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_error);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 88, fontMetrics().height() * 22);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_restore, &QPushButton::clicked, this, &RestoreDialog::restore);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { setBusy(false); });
    list();
    setBusy(false);
}

RestoreDialog::~RestoreDialog() = default;

void RestoreDialog::list()
{
    m_list->clear();
    m_all.clear();
    const auto all = Lifecycle::RetirementRecord(m_services.vault.folder()).list();
    if (!all)
        return m_error->setError(all.error());
    const QDateTime now = m_services.clock.now();
    for (const Retirement &one : *all) {
        if (one.restorableUntil() < now)
            continue;
        m_all.append(one);
        const QString environment = one.principal.environment.name;
        m_list->addItem(tr("%1 — retired on %2, until %3")
                            .arg(environment.isEmpty()
                                     ? one.principal.name
                                     : tr("%1 (%2)").arg(one.principal.name, environment),
                                 one.at.toString(u"yyyy-MM-dd"_s),
                                 one.restorableUntil().toString(u"yyyy-MM-dd"_s)));
    }
    m_intro->setText(
        m_all.isEmpty()
            ? tr("Nothing that was retired here can still be restored. Entra ID keeps deleted "
                 "applications for 30 days.")
            : tr("Application, service principal and role assignments come back as they were; its "
                 "old secrets are gone for good, so it gets a new one, and environment files have "
                 "to be saved again."));
    if (!m_all.isEmpty())
        m_list->setCurrentRow(0);
}

void RestoreDialog::restore()
{
    const int row = m_list->currentRow();
    if (row < 0 || row >= m_all.size())
        return;
    const Retirement chosen = m_all[row];
    m_error->clear();
    m_steps->restart();
    m_flow = std::make_unique<RestorePrincipal>(
        m_partsFor(chosen.principal.cloud, chosen.principal.tenant), chosen, m_days->value());
    connect(m_flow.get(), &RestorePrincipal::announced, this,
            [this](const auto &one) { m_steps->begin(one.text); });
    connect(m_flow.get(), &RestorePrincipal::finished, this, &RestoreDialog::finished);
    connect(m_flow.get(), &RestorePrincipal::failed, this, [this](const Error &error) {
        m_flow.release()->deleteLater();
        m_steps->fail();
        setBusy(false);
        m_error->setError(error);
    });
    setBusy(true);
    m_flow->start();
}

void RestoreDialog::finished(const Identity::ServicePrincipal &principal,
                             const QStringList &remarks)
{
    m_flow.release()->deleteLater();
    m_steps->succeed();
    list();
    setBusy(false);
    emit restored(principal.id);
    if (remarks.isEmpty())
        return accept();
    m_error->setError({.kind = Error::Kind::Conflict,
                       .message = tr("“%1” is restored, but not all of it.").arg(principal.name),
                       .nextStep = remarks.join(u'\n')});
}

void RestoreDialog::setBusy(bool busy)
{
    m_list->setEnabled(!busy);
    m_days->setEnabled(!busy);
    m_restore->setEnabled(!busy && m_list->currentRow() >= 0);
    m_close->setText(busy ? tr("Stop") : tr("Close"));
}

void RestoreDialog::done(int result)
{
    m_flow.reset();
    QDialog::done(result);
}

} // namespace Ui
