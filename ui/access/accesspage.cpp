#include "ui/access/accesspage.h"

#include "core/counted.h"
#include "azure/storageaccount.h"
#include "identity/cloud.h"
#include "services/accesscheck.h"
#include "services/effectivewait.h"
#include "services/services.h"
#include "ui/access/accessdetails.h"
#include "ui/access/accessforms.h"
#include "ui/access/checkbar.h"
#include "ui/access/reportbutton.h"
#include "ui/models/accessmatrixmodel.h"
#include "ui/models/checksummary.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/matrixview.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;

AccessPage::AccessPage(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_history(services.vault.folder())
{
    m_bar = new CheckBar(this);
    m_save = new ReportButton(this);
    m_bar->addTool(m_save);
    m_summary = quietLabel({}, this);
    m_summary->setObjectName(u"checkSummary"_s);
    m_error = new ErrorPanel(this);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(u"accessSplitter"_s);
    m_splitter->addWidget(makeMatrix());
    makeDetails();
    m_splitter->setSizes({fontMetrics().height() * 21, fontMetrics().height() * 14});
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_bar);
    layout->addWidget(m_error);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_summary);

    connect(m_bar, &CheckBar::checkRequested, this, &AccessPage::check);
    connect(m_bar, &CheckBar::cancelRequested, this, &AccessPage::cancel);
    connect(m_save, &ReportButton::failed, m_error, &ErrorPanel::setError);
    connect(m_save, &ReportButton::saved, this, [this](const QString &path) {
        m_error->clear();
        m_summary->setText(tr("Saved to %1.").arg(path));
    });
}

AccessPage::~AccessPage() = default;

QWidget *AccessPage::makeMatrix()
{
    auto *pane = new QWidget(this);
    m_model = new AccessMatrixModel(this);
    m_view = new MatrixView(pane);
    m_view->setMatrix(m_model);
    m_legend = new Legend(pane);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_legend);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AccessPage::open);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &AccessPage::chosen);
    return pane;
}

void AccessPage::makeDetails()
{
    m_details = new AccessDetails(this);
    m_splitter->addWidget(m_details);
    connect(m_view, &MatrixView::opened, this, [this](const QModelIndex &index) {
        open(index);
        m_details->bringWhyToFront();
    });
    connect(m_details, &AccessDetails::waitRequested, this, &AccessPage::waitUntilEffective);
    connect(m_details, &AccessDetails::contractCompared, this, &AccessPage::showContract);
    connect(m_details, &AccessDetails::cellNamed, this,
            [this](const QString &container, const QString &operation) {
                if (const QModelIndex index = m_model->indexOf(container, operation);
                    index.isValid())
                    m_view->setCurrentIndex(index);
            });
}

void AccessPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal.id == m_principal.id;
    m_principal = principal;
    m_bar->setPrincipal(principal, same);
    if (same)
        return;
    const QString contract = m_contracts.value(principal.id);
    stop();
    m_error->clear();
    forget();
    m_details->setContractPath(contract);
}

void AccessPage::stop()
{
    m_running.reset();
    m_waiting.reset();
    m_bar->setChecking(false);
}

void AccessPage::forget()
{
    m_report.reset();
    m_drift.reset();
    m_rights.reset();
    m_save->setForms({}, {});
    m_model->setContainers({});
    m_details->forget();
    m_summary->clear();
}

void AccessPage::check()
{
    if (m_running || m_waiting)
        return;
    m_error->clear();
    const auto cloud = Identity::Cloud::load(m_principal.cloud);
    if (!cloud)
        return m_error->setError(cloud.error());
    const auto account =
        Azure::parseAccountUrl(m_bar->account(), cloud->storageSuffix, cloud->trust.plainLoopback);
    if (!account)
        return m_error->setError(account.error());
    begin(*account);
}

void AccessPage::begin(const QUrl &account)
{
    Services::AccessCheck::Request request{.principal = m_principal, .account = account};
    request.containers = m_bar->containers();
    request.predict = m_bar->predict();
    m_running = std::make_unique<Services::AccessCheck>(m_services, request);
    connect(m_running.get(), &Services::AccessCheck::planned, this,
            [this](const QStringList &containers, bool listed) {
                m_model->setContainers(containers);
                if (!listed)
                    m_summary->setText(
                        tr("This principal may not list containers. Name the ones to check."));
            });
    connect(m_running.get(), &Services::AccessCheck::cellChanged, m_model,
            &AccessMatrixModel::setCell);
    connect(m_running.get(), &Services::AccessCheck::progress, m_bar, &CheckBar::setProgress);
    connect(m_running.get(), &Services::AccessCheck::finished, this, &AccessPage::finished);
    connect(m_running.get(), &Services::AccessCheck::failed, this, &AccessPage::failed);
    forget();
    m_bar->setChecking(true);
    m_running->start();
    emit accountUsed(account);
}

void AccessPage::cancel()
{
    if (m_running)
        m_running->cancel();
    else if (m_waiting)
        m_waiting->cancel();
}

// The roles promise what the service still refuses: asks again until it does not.
void AccessPage::waitUntilEffective()
{
    if (m_running || m_waiting || !m_report || !m_rights)
        return;
    m_error->clear();
    m_waiting = std::make_unique<Services::EffectiveWait>(
        m_services, m_principal, *m_report, m_rights, Services::EffectiveWait::Options());
    connect(m_waiting.get(), &Services::EffectiveWait::asked, this, [this](int round, int refused) {
        m_summary->setText(Core::counted(round, tr("Asked %1 time again"), tr("Asked %1 times again")) +
                           Core::counted(refused, tr(": %1 cell still refused."), tr(": %1 cells still refused.")));
    });
    connect(m_waiting.get(), &Services::EffectiveWait::finished, this, &AccessPage::finished);
    connect(m_waiting.get(), &Services::EffectiveWait::failed, this, &AccessPage::failed);
    m_bar->setChecking(true);
    m_summary->setText(tr("Waiting until the roles are effective …"));
    m_waiting->start();
}

void AccessPage::finished(const AccessReport &report)
{
    // Both are still on the stack.
    if (m_running) {
        m_rights = m_running->rights();
        m_running.release()->deleteLater();
    } else if (m_waiting) {
        m_waiting.release()->deleteLater();
    }
    m_bar->setChecking(false);
    showReport(report);
    keep(report);
}

void AccessPage::showReport(const AccessReport &report)
{
    m_report = report;
    m_model->setReport(report);
    m_details->setReport(report, m_rights);
    m_summary->setText(checkSummary(report));
    offerReport();
    if (!report.finding)
        open(m_view->currentIndex());
    chosen();
}

void AccessPage::failed(const Core::Error &error)
{
    if (m_running)
        m_running.release()->deleteLater();
    if (m_waiting)
        m_waiting.release()->deleteLater();
    m_bar->setChecking(false);
    if (error.kind == Core::Error::Kind::Cancelled)
        m_summary->setText(error.message);
    else
        m_error->setError(error);
}

void AccessPage::open(const QModelIndex &index)
{
    if (const Access::Cell *cell = m_model->cellAt(index))
        m_details->showCell(Access::defaultProbes()[index.column()], *cell,
                            m_report ? m_report->predictedBy : QString());
}

void AccessPage::chosen()
{
    QList<Access::Cell> cells;
    const QModelIndexList indexes = m_view->selectionModel()->selectedIndexes();
    for (const QModelIndex &index : indexes) {
        if (const Access::Cell *cell = m_model->cellAt(index))
            cells.append(*cell);
    }
    m_details->setChosen(cells);
}

} // namespace Ui
