#include "ui/access/accesspage.h"

#include "azure/storageaccount.h"
#include "identity/cloud.h"
#include "services/accesscheck.h"
#include "services/services.h"
#include "ui/access/whypanel.h"
#include "ui/models/accessmatrixmodel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/matrixview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Observation;

AccessPage::AccessPage(Services::Services &services, QWidget *parent) : QWidget(parent), m_services(services)
{
    m_account = new QComboBox(this);
    m_account->setObjectName(u"accountField"_s);
    m_account->setAccessibleName(tr("Storage account"));
    m_account->setEditable(true);
    m_account->setInsertPolicy(QComboBox::NoInsert);
    m_account->lineEdit()->setAccessibleName(m_account->accessibleName());
    m_account->lineEdit()->setPlaceholderText(tr("https://ACCOUNT.blob.core.windows.net"));
    m_account->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_containers = new QLineEdit(this);
    m_containers->setObjectName(u"containersField"_s);
    m_containers->setAccessibleName(tr("Containers to check"));
    m_containers->setPlaceholderText(tr("all that can be listed"));
    m_containers->setToolTip(tr("Names of containers, separated by blanks: for principals that may not list them"));
    m_containers->setMaximumWidth(260);
    m_check = new QPushButton(tr("Check access"), this);
    m_check->setObjectName(u"checkButton"_s);
    m_check->setDefault(true);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_cancel->setObjectName(u"cancelCheckButton"_s);
    m_progress = new QProgressBar(this);
    m_progress->setAccessibleName(tr("Progress of the check"));
    m_progress->setMaximumWidth(150);
    m_progress->setFormat(tr("%v of %m"));
    m_summary = quietLabel({}, this);
    m_summary->setObjectName(u"checkSummary"_s);
    m_error = new ErrorPanel(this);
    m_model = new AccessMatrixModel(this);
    m_view = new MatrixView(this);
    m_view->setMatrix(m_model);
    m_why = new WhyPanel(this);

    auto *bar = new QHBoxLayout;
    auto *accountLabel = new QLabel(tr("Acc&ount"), this);
    accountLabel->setBuddy(m_account);
    auto *containersLabel = new QLabel(tr("&Containers"), this);
    containersLabel->setBuddy(m_containers);
    for (QWidget *widget : std::initializer_list<QWidget *>{accountLabel, m_account, containersLabel, m_containers, m_check, m_cancel, m_progress})
        bar->addWidget(widget);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_view);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_why);
    splitter->addWidget(scroll);
    splitter->setSizes({1000, fontMetrics().height() * 12});
    splitter->setStretchFactor(0, 1);
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_error);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_summary);

    connect(m_check, &QPushButton::clicked, this, &AccessPage::check);
    connect(m_account->lineEdit(), &QLineEdit::returnPressed, this, &AccessPage::check);
    connect(m_containers, &QLineEdit::returnPressed, this, &AccessPage::check);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_running)
            m_running->cancel();
    });
    connect(m_view, &MatrixView::opened, this, &AccessPage::open);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &AccessPage::open);
    setChecking(false);
}

AccessPage::~AccessPage() = default;

void AccessPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal.id == m_principal.id;
    m_principal = principal;
    const QString typed = m_account->currentText();
    m_account->clear();
    for (const QUrl &account : principal.accounts)
        m_account->addItem(account.toString());
    if (same) {
        m_account->setCurrentText(typed);
        return;
    }
    m_running.reset();
    setChecking(false);
    m_error->clear();
    m_summary->clear();
    m_containers->clear();
    m_account->setCurrentIndex(m_account->count() > 0 ? 0 : -1);
    m_model->setContainers({});
    m_why->showHint();
}

void AccessPage::check()
{
    if (m_running)
        return;
    m_error->clear();
    const auto cloud = Identity::Cloud::load(m_principal.cloud);
    if (!cloud)
        return m_error->setError(cloud.error());
    const auto account = Azure::parseAccountUrl(m_account->currentText(), cloud->storageSuffix, cloud->trust.plainLoopback);
    if (!account)
        return m_error->setError(account.error());
    Services::AccessCheck::Request request{.principal = m_principal, .account = *account};
    request.containers = m_containers->text().split(QRegularExpression(u"[\\s,;]+"_s), Qt::SkipEmptyParts);

    m_running = std::make_unique<Services::AccessCheck>(m_services, request);
    connect(m_running.get(), &Services::AccessCheck::planned, this, [this](const QStringList &containers, bool listed) {
        m_model->setContainers(containers);
        if (!listed)
            m_summary->setText(tr("This principal may not list containers. Name the ones to check."));
    });
    connect(m_running.get(), &Services::AccessCheck::cellChanged, m_model, &AccessMatrixModel::setCell);
    connect(m_running.get(), &Services::AccessCheck::progress, this, [this](int done, int total) {
        m_progress->setMaximum(total);
        m_progress->setValue(done);
    });
    connect(m_running.get(), &Services::AccessCheck::finished, this, &AccessPage::finished);
    connect(m_running.get(), &Services::AccessCheck::failed, this, &AccessPage::failed);
    m_model->setContainers({});
    m_why->showHint();
    m_summary->clear();
    setChecking(true);
    m_running->start();
    emit accountUsed(*account);
}

void AccessPage::finished(const AccessReport &report)
{
    m_running.release()->deleteLater(); // it is still on the stack
    setChecking(false);
    QString text = tr("%1 allowed, %2 denied, %3 undecided").arg(report.count(Observation::Allowed)).arg(report.count(Observation::Denied))
                       .arg(report.count(Observation::Undecided));
    if (const int skipped = report.count(Observation::Skipped))
        text += tr(", %1 not asked").arg(skipped);
    text += tr(" · observed %1").arg(report.finishedAt.toLocalTime().toString(u"hh:mm:ss"_s));
    if (report.containers().isEmpty() && !report.finding)
        text += tr(" · this principal may not list containers: name the ones to check");
    m_summary->setText(text);
    if (report.finding)
        m_why->show(*report.finding);
    else
        open(m_view->currentIndex());
}

void AccessPage::failed(const Core::Error &error)
{
    m_running.release()->deleteLater();
    setChecking(false);
    if (error.kind == Core::Error::Kind::Cancelled)
        m_summary->setText(error.message);
    else
        m_error->setError(error);
}

void AccessPage::setChecking(bool checking)
{
    m_check->setEnabled(!checking);
    m_cancel->setVisible(checking);
    m_progress->setVisible(checking);
    m_progress->setMaximum(0);
}

void AccessPage::open(const QModelIndex &index)
{
    if (const Access::Cell *cell = m_model->cellAt(index))
        m_why->show(Access::defaultProbes()[index.column()], *cell);
}

} // namespace Ui
