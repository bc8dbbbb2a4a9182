#include "ui/isolation/isolationpage.h"

#include "report/htmlreport.h"
#include "services/isolationrun.h"
#include "services/services.h"
#include "ui/access/reportbutton.h"
#include "ui/models/isolationmodel.h"
#include "ui/models/partymodel.h"
#include "ui/principals/clouds.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/isolationdelegate.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tables.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonDocument>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Isolation;
using Services::IsolationRun;

IsolationPage::IsolationPage(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    setObjectName(u"isolationPage"_s);
    m_parties = new PartyModel(this);
    m_partyTable = plainTable(m_parties, tr("Principals and their own accounts"), this);
    m_partyTable->setObjectName(u"partyTable"_s);
    m_partyTable->horizontalHeader()->setStretchLastSection(true);
    m_error = new ErrorPanel(this);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_partyTable);
    splitter->addWidget(makeResult());
    splitter->setSizes({fontMetrics().height() * 14, fontMetrics().height() * 24});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->addWidget(titleLabel(tr("Are the environments kept apart?"), this));
    layout->addWidget(quietLabel(tr("Signs in as each principal and tries every operation at every "
                                    "account below, by requests that cannot change "
                                    "data. At its own accounts a principal must be allowed "
                                    "something, at all others it must be denied everything."),
                                 this));
    m_clouds = plainLabel({}, this);
    m_clouds->setObjectName(u"foreignCloudNote"_s);
    m_clouds->hide();
    layout->addWidget(m_clouds);
    layout->addWidget(makeBar());
    layout->addWidget(m_error);
    layout->addWidget(splitter, 1);
    setProving(false);
}

IsolationPage::~IsolationPage() = default;

QWidget *IsolationPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_prove = new QPushButton(tr("Prove isolation"), bar);
    m_prove->setObjectName(u"proveButton"_s);
    m_cancel = new QPushButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelProofButton"_s);
    m_progress = new QProgressBar(bar);
    m_progress->setAccessibleName(tr("Progress of the proof"));
    m_progress->setFormat(tr("%v of %m"));
    m_progress->setMaximumWidth(200);
    m_save = new ReportButton(bar);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_prove, m_cancel, m_progress})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(m_save);
    connect(m_prove, &QPushButton::clicked, this, &IsolationPage::prove);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_running)
            m_running->cancel();
    });
    connect(m_save, &ReportButton::failed, m_error, &ErrorPanel::setError);
    connect(m_save, &ReportButton::saved, this,
            [this](const QString &path) { m_why->setText(tr("Saved to %1.").arg(path)); });
    return bar;
}

QWidget *IsolationPage::makeResult()
{
    auto *pane = new QWidget(this);
    m_model = new IsolationModel(this);
    m_table = plainTable(m_model, tr("Each principal at each account"), pane);
    m_table->setObjectName(u"isolationTable"_s);
    m_table->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_table->setItemDelegate(new IsolationDelegate(m_table));
    m_table->verticalHeader()->show();
    m_table->hide(); // there is nothing in it yet
    m_verdict = plainLabel(tr("Tick the accounts that are a principal's own, then prove."), pane);
    m_verdict->setObjectName(u"isolationVerdict"_s);
    QFont bold = m_verdict->font();
    bold.setWeight(QFont::DemiBold);
    m_verdict->setFont(bold);
    m_warnings = plainLabel({}, pane);
    m_warnings->setObjectName(u"isolationWarnings"_s);
    m_why = quietLabel({}, pane);
    m_why->setObjectName(u"isolationWhy"_s);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_verdict, m_warnings, m_table, m_why})
        layout->addWidget(widget);
    layout->setStretchFactor(m_table, 100);
    layout->addStretch(1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { m_why->setText(m_model->sentence(index)); });
    return pane;
}

void IsolationPage::setPrincipals(const QList<Identity::ServicePrincipal> &principals)
{
    m_parties->setPrincipals(principals);
    QStringList clouds, notes;
    for (const Identity::ServicePrincipal &one : principals)
        clouds.append(one.cloud);
    clouds.removeDuplicates();
    for (const QString &cloud : std::as_const(clouds)) {
        if (const QString note = foreignCloudNote(cloud); !note.isEmpty())
            notes.append(note);
    }
    m_clouds->setText(notes.join(u'\n'));
    m_clouds->setVisible(!notes.isEmpty());
}

void IsolationPage::prove()
{
    if (m_running)
        return;
    m_error->clear();
    QList<IsolationRun::Party> parties;
    const QList<PartyModel::Party> own = m_parties->own();
    for (const PartyModel::Party &party : own)
        parties.append({party.principal, party.account});
    if (parties.isEmpty()) {
        return m_error->setError(
            {.kind = Core::Error::Kind::InvalidInput,
             .message = tr("There is nothing to prove: no account is ticked."),
             .nextStep =
                 tr("Check access of each principal at its account once, then tick it here.")});
    }
    m_running = std::make_unique<IsolationRun>(m_services, parties);
    m_model->setIsolation(m_running->isolation());
    connect(m_running.get(), &IsolationRun::pairChanged, this,
            [this](qsizetype index) { m_model->updatePair(m_running->isolation(), index); });
    connect(m_running.get(), &IsolationRun::progress, this, [this](int done, int total) {
        m_progress->setMaximum(total);
        m_progress->setValue(done);
    });
    connect(m_running.get(), &IsolationRun::finished, this, &IsolationPage::finished);
    m_table->show();
    setProving(true);
    m_running->start();
}

void IsolationPage::finished(const Isolation &isolation)
{
    const Isolation result = isolation; // the run owns it
    m_running.release()->deleteLater();
    setProving(false);
    m_model->setIsolation(result);
    const QString at = result.finishedAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s);
    const QString counts = tr("%1 as wanted, %2 not, %3 undecided · %4")
                               .arg(result.count(Isolation::State::Kept))
                               .arg(result.count(Isolation::State::Broken))
                               .arg(result.count(Isolation::State::Open))
                               .arg(at);
    switch (result.state()) {
    case Isolation::State::Kept: m_verdict->setText(tr("✔ Kept apart: %1").arg(counts)); break;
    case Isolation::State::Broken:
        m_verdict->setText(tr("✖ Not kept apart: %1").arg(counts));
        break;
    case Isolation::State::Open: m_verdict->setText(tr("? Not proven: %1").arg(counts)); break;
    }
    offerReport(result);
}

void IsolationPage::offerReport(const Isolation &isolation)
{
    const auto json = [isolation] { return QJsonDocument(Access::toJson(isolation)).toJson(); };
    m_save->setForms(u"isolation-"_s + isolation.finishedAt.toString(u"yyyy-MM-dd"_s),
                     {{tr("&HTML, to read and print …"), u"html"_s,
                       [isolation] { return Report::html(isolation); }},
                      {tr("&JSON, for programs …"), u"json"_s, json}});
}

void IsolationPage::setProving(bool proving)
{
    m_prove->setEnabled(!proving);
    m_cancel->setVisible(proving);
    m_progress->setVisible(proving);
    m_progress->setMaximum(0);
    m_partyTable->setEnabled(!proving);
    if (proving) {
        m_save->setForms({}, {});
        m_why->clear();
        m_verdict->setText(tr("Being proven …"));
    }
    QStringList warnings;
    const QList<Access::Finding> found = m_model->isolation().warnings;
    for (const Access::Finding &warning : found)
        warnings.append(u"⚠ "_s + warning.cause + u' ' + warning.nextStep);
    m_warnings->setText(warnings.join(u'\n'));
    m_warnings->setVisible(!warnings.isEmpty());
}

} // namespace Ui
