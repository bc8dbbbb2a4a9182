#include "ui/access/accesspage.h"

#include "azure/storageaccount.h"
#include "identity/cloud.h"
#include "report/wording.h"
#include "services/accesscheck.h"
#include "services/services.h"
#include "ui/access/checkbar.h"
#include "ui/access/fixpanel.h"
#include "ui/access/reportbutton.h"
#include "ui/access/whypanel.h"
#include "ui/models/accessmatrixmodel.h"
#include "ui/models/witnesses.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/matrixview.h"

#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Observation;

AccessPage::AccessPage(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
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
    m_splitter->addWidget(makeDetails());
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
    connect(m_bar, &CheckBar::cancelRequested, this, [this] {
        if (m_running)
            m_running->cancel();
    });
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
    connect(m_view, &MatrixView::opened, this, [this](const QModelIndex &index) {
        open(index);
        if (m_details->currentWidget() != m_fix)
            m_details->setCurrentIndex(0);
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AccessPage::open);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &AccessPage::chosen);
    return pane;
}

QWidget *AccessPage::makeDetails()
{
    m_details = new QTabWidget(this);
    m_details->setObjectName(u"accessDetails"_s);
    m_details->setDocumentMode(true);
    m_why = new WhyPanel(this);
    m_fix = new FixPanel(this);
    m_notes = plainLabel({}, this);
    m_notes->setObjectName(u"reportNotes"_s);
    m_notes->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_notes->setMargin(8);
    m_details->addTab(scrolled(m_why), tr("&Why"));
    m_details->addTab(m_fix, tr("S&mallest fix"));
    m_details->addTab(scrolled(m_notes), {});
    showNotes({});
    return m_details;
}

void AccessPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal.id == m_principal.id;
    m_principal = principal;
    m_bar->setPrincipal(principal, same);
    if (same)
        return;
    m_running.reset();
    m_bar->setChecking(false);
    m_error->clear();
    forget();
}

void AccessPage::forget()
{
    m_report.reset();
    m_save->setReport(std::nullopt);
    m_model->setContainers({});
    m_why->showHint();
    m_fix->setRights(nullptr);
    m_summary->clear();
    showNotes({});
}

void AccessPage::check()
{
    if (m_running)
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

void AccessPage::finished(const AccessReport &report)
{
    m_fix->setRights(m_running->rights());
    m_running.release()->deleteLater(); // it is still on the stack
    m_bar->setChecking(false);
    m_report = report;
    m_model->setReport(report);
    m_save->setReport(report);
    summarize(report);
    showNotes(report.notes);
    if (report.finding)
        m_why->show(*report.finding);
    else
        open(m_view->currentIndex());
    chosen();
}

void AccessPage::summarize(const AccessReport &report)
{
    QStringList facts{tr("%1 allowed, %2 denied, %3 undecided")
                          .arg(report.count(Observation::Allowed))
                          .arg(report.count(Observation::Denied))
                          .arg(report.count(Observation::Undecided))};
    if (const int skipped = report.count(Observation::Skipped))
        facts.first() += tr(", %1 not asked").arg(skipped);
    if (!report.predictedBy.isEmpty()) {
        const auto differing = static_cast<int>(
            std::count_if(report.cells.cbegin(), report.cells.cend(), Report::differs));
        facts.append(differing == 0
                         ? tr("as the roles predict")
                         : tr("%n cell(s) other than the roles predict", nullptr, differing));
        facts.append(tr("roles read by %1").arg(report.predictedBy));
    }
    if (std::any_of(report.notes.cbegin(), report.notes.cend(),
                    [](const Access::Finding &note) { return note.id == u"not-predicted"; }))
        facts.append(tr("the roles could not be read, see Notes"));
    facts.append(tr("observed %1").arg(report.finishedAt.toLocalTime().toString(u"hh:mm:ss"_s)));
    if (report.containers().isEmpty() && !report.finding)
        facts.append(tr("this principal may not list containers: name the ones to check"));
    m_summary->setText(facts.join(u" · "_s));
}

void AccessPage::showNotes(const QList<Access::Finding> &notes)
{
    QStringList texts;
    for (const Access::Finding &note : notes)
        texts.append(QStringList{note.cause, note.nextStep, note.command}.join(u'\n').trimmed());
    m_notes->setText(texts.join(u"\n\n"_s));
    m_details->setTabText(2, tr("&Notes (%1)").arg(notes.size()));
    m_details->setTabVisible(2, !notes.isEmpty());
}

void AccessPage::failed(const Core::Error &error)
{
    m_running.release()->deleteLater();
    m_bar->setChecking(false);
    if (error.kind == Core::Error::Kind::Cancelled)
        m_summary->setText(error.message);
    else
        m_error->setError(error);
}

void AccessPage::open(const QModelIndex &index)
{
    if (const Access::Cell *cell = m_model->cellAt(index))
        m_why->show(Access::defaultProbes()[index.column()], *cell,
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
    m_fix->setChosen(cells);
}

void AccessPage::saveState(QSettings &settings) const
{
    settings.setValue(u"access/roles"_s, m_bar->predictName());
    settings.setValue(u"access/splitter"_s, m_splitter->saveState());
}

void AccessPage::restoreState(const QSettings &settings)
{
    m_bar->setPredictName(settings.value(u"access/roles"_s, u"self"_s).toString());
    m_splitter->restoreState(settings.value(u"access/splitter"_s).toByteArray());
}

} // namespace Ui
