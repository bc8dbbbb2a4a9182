#include "ui/mainwindow.h"

#include "core/counted.h"
#include "identity/credentialimport.h"
#include "lifecycle/rotationjournal.h"
#include "services/checkhistory.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/access/accesspage.h"
#include "ui/activity/activitypage.h"
#include "ui/expiry/expirynotice.h"
#include "ui/expiry/expirypage.h"
#include "ui/handover/handoverpage.h"
#include "ui/handover/inspectdialog.h"
#include "ui/isolation/isolationpage.h"
#include "ui/lifecycle/rotationnotice.h"
#include "ui/models/principalmodel.h"
#include "ui/principals/credentialdialog.h"
#include "ui/principals/principalheader.h"
#include "ui/principals/rail.h"
#include "ui/principals/welcomepage.h"
#include "ui/roles/rolespage.h"
#include "ui/secretlock.h"
#include "ui/storage/storagepage.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filedrops.h"
#include "ui/widgets/secretclipboard.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

MainWindow::MainWindow(Services::Services &services, Services::SandboxSession &sandbox, QWidget *parent)
    : QMainWindow(parent), m_services(services), m_sandbox(sandbox),
      m_settings(WindowSettings::open(services.vault.folder() + u"/window.ini"_s))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(u"Rolescope"_s);
    connect(new FileDrops(*this), &FileDrops::dropped, this, [this](const QString &path) { openInspect()->openFile(path); });
    m_model = new PrincipalModel(this);
    m_clipboard = new SecretClipboard(this);
    new SecretLock(services, *m_clipboard, *m_settings.values, this);
    m_rail = new Rail(*m_model, this);
    m_welcome = new WelcomePage(this);
    m_error = new ErrorPanel(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(makePrincipalPane());
    m_isolation = new IsolationPage(services, this);
    m_stack->addWidget(m_isolation);
    makeExpiry();
    auto *right = new QWidget(this);
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    rightLayout->addWidget(m_rotations);
    rightLayout->addWidget(m_notice);
    rightLayout->addWidget(m_error);
    rightLayout->addWidget(m_stack, 1);
    auto *splitter = new QSplitter(this);
    splitter->setObjectName(u"mainSplitter"_s);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_rail);
    splitter->addWidget(right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({fontMetrics().averageCharWidth() * 32, 1000});
    setCentralWidget(splitter);

    connect(m_rail, &Rail::selected, this, &MainWindow::select);
    connect(m_rail, &Rail::addRequested, this, [this] { openDialog(); });
    connect(m_rail, &Rail::registerRequested, this, &MainWindow::openRegister);
    connect(m_rail, &Rail::restoreRequested, this, &MainWindow::openRestore);
    connect(m_rail, &Rail::sandboxRequested, this, &MainWindow::startSandbox);
    connect(m_rail, &Rail::isolationRequested, this, [this] { m_stack->setCurrentWidget(m_isolation); });
    connect(m_rail, &Rail::opened, this, [this] {
        if (!m_selected.isEmpty())
            m_stack->setCurrentIndex(1);
    });
    connect(m_welcome, &WelcomePage::typeRequested, this, [this] { openDialog(); });
    connect(m_welcome, &WelcomePage::pasteRequested, this, &MainWindow::pasteFromClipboard);
    connect(m_welcome, &WelcomePage::sandboxRequested, this, &MainWindow::startSandbox);
    connect(&m_services.vault, &Vault::PrincipalVault::changed, this, &MainWindow::reload);
    connect(&m_sandbox, &Services::SandboxSession::ready, this, [this](const QString &first) {
        m_welcome->setSandboxStarting(false);
        reload();
        if (m_selected.isEmpty())
            m_rail->select(first);
    });
    connect(&m_sandbox, &Services::SandboxSession::failed, this, [this](const Core::Error &error) {
        m_welcome->setSandboxStarting(false);
        (m_stack->currentWidget() == m_welcome ? m_welcome->setError(error) : m_error->setError(error));
    });
    restoreState();
    if (m_settings.damage)
        m_error->setError(*m_settings.damage);
    reload();
    m_rail->select(m_settings.values->value(u"principal"_s).toString());
    lookForOrphans();
}

MainWindow::~MainWindow() = default;

QWidget *MainWindow::makePrincipalPane()
{
    auto *pane = new QWidget(this);
    m_header = new PrincipalHeader(m_services, pane);
    m_access = new AccessPage(m_services, pane);
    m_storage = new StoragePage(m_services, pane);
    m_handover = new HandoverPage(m_services, *m_clipboard, pane);
    m_roles = new RolesPage(m_services, pane);
    m_tabs = new QTabWidget(pane);
    m_tabs->setObjectName(u"tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_access, tr("&Access"));
    m_tabs->addTab(m_storage, tr("&Storage"));
    m_tabs->addTab(m_handover, tr("&Hand-over"));
    m_tabs->addTab(m_roles, tr("&Roles"));
    m_tabs->addTab(new ActivityPage(m_services.activity, pane), tr("Acti&vity"));
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_header);
    layout->addWidget(m_tabs, 1);
    connect(m_header, &PrincipalHeader::editRequested, this, [this] {
        if (const auto principal = m_services.vault.find(m_selected))
            openDialog()->edit(*principal);
    });
    connect(m_header, &PrincipalHeader::removeConfirmed, this, &MainWindow::removeSelected);
    connect(m_header, &PrincipalHeader::rotateRequested, this, &MainWindow::openRotate);
    connect(m_header, &PrincipalHeader::retireRequested, this, &MainWindow::openRetire);
    connect(m_handover, &HandoverPage::inspectRequested, this, [this] { openInspect()->choose(); });
    connect(m_roles, &RolesPage::registerRequested, this, &MainWindow::openRegister);
    connect(m_access, &AccessPage::accountUsed, this, &MainWindow::rememberAccount);
    connect(m_storage, &StoragePage::accountUsed, this, &MainWindow::rememberAccount);
    return pane;
}

void MainWindow::reload()
{
    const auto principals = m_services.vault.list();
    if (!principals)
        return m_error->setError(principals.error());
    const QString selected = m_selected;
    const QStringList journals = Lifecycle::RotationJournal(m_services.vault.folder()).underWay();
    const QSet<QString> rotating(journals.cbegin(), journals.cend());
    const auto removals = m_services.vault.unfinishedRemovals();
    if (!removals)
        return m_error->setError(removals.error());
    m_model->setPrincipals(*principals, m_services.clock.now(), rotating, *removals);
    m_rotations->setPrincipals(*principals, rotating);
    m_isolation->setPrincipals(*principals);
    m_expiry->setPrincipals(*principals);
    m_notice->setPrincipals(*principals);
    m_rail->select(selected);
    if (!m_model->indexOf(selected).isValid())
        select({});
}

void MainWindow::select(const QString &id)
{
    // A reset model selects nothing for a moment; only an empty index brings the welcome page back.
    const auto principal = id.isEmpty() ? Core::Result<ServicePrincipal>(Core::Error{}) : m_services.vault.find(id);
    if (!principal) {
        if (!m_model->indexOf(m_selected).isValid()) {
            m_selected.clear();
            m_stack->setCurrentIndex(0);
        }
        return;
    }
    const bool other = id != m_selected || m_stack->currentWidget() == m_welcome;
    m_selected = id;
    m_header->setPrincipal(*principal);
    m_access->setPrincipal(*principal);
    m_storage->setPrincipal(*principal);
    m_handover->setPrincipal(*principal);
    m_roles->setPrincipal(*principal);
    if (other) // a reload must not take the isolation page away
        m_stack->setCurrentIndex(1);
}

CredentialDialog *MainWindow::openDialog()
{
    auto *dialog = new CredentialDialog(m_services, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CredentialDialog::saved, this, [this](const QString &id) {
        reload();
        m_rail->select(id);
    });
    dialog->open();
    return dialog;
}

void MainWindow::pasteFromClipboard()
{
    const QString text = QApplication::clipboard()->text();
    CredentialDialog *dialog = openDialog();
    if (Identity::looksLikeCredential(text))
        dialog->paste(text);
}

void MainWindow::removeSelected()
{
    m_error->clear();
    const QString id = m_selected;
    m_services.vault.remove(id, this, [this, id](const Core::Result<void> &removed) {
        if (removed)
            Services::CheckHistory(m_services.vault.folder()).forget(id);
        else
            m_error->setError(removed.error());
        reload();
    });
}

void MainWindow::rememberAccount(const QUrl &account)
{
    auto principal = m_services.vault.find(m_selected);
    if (!principal || (!principal->accounts.isEmpty() && principal->accounts.first() == account))
        return;
    principal->accounts.removeAll(account);
    principal->accounts.prepend(account);
    if (const auto updated = m_services.vault.update(*principal); !updated)
        m_error->setError(updated.error());
}

void MainWindow::lookForOrphans()
{
    m_services.vault.findOrphans(this, [this](const Core::Result<QList<Vault::Orphan>> &orphans) {
        if (!orphans) {
            // A keychain that is locked or away will be met again, and explained, where it is needed.
            if (orphans.error().kind == Core::Error::Kind::KeychainAbsent || orphans.error().kind == Core::Error::Kind::KeychainLocked)
                m_error->setError(orphans.error());
            return;
        }
        if (!orphans->isEmpty()) {
            m_error->setError({.kind = Core::Error::Kind::Conflict,
                               .message = Core::counted(orphans->size(), tr("Index and keychain disagree about %1 entry, as after a crash."), tr("Index and keychain disagree about %1 entries, as after a crash.")),
                               .nextStep = tr("See and repair them with: rolescope-cli principal repair")});
        }
    });
}

void MainWindow::startSandbox()
{
    m_welcome->setSandboxStarting(true);
    m_sandbox.start();
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    // No field has the focus, or it would have taken the key.
    if (event->matches(QKeySequence::Paste))
        return pasteFromClipboard();
    QMainWindow::keyPressEvent(event);
}

void MainWindow::restoreState()
{
    resize(1280, 840);
    restoreGeometry(m_settings.values->value(u"geometry"_s).toByteArray());
    m_tabs->setCurrentIndex(m_settings.values->value(u"tab"_s).toInt());
    m_access->restoreState(*m_settings.values);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QMainWindow::closeEvent(event);
    if (m_settings.damage)
        return;
    m_settings.values->setValue(u"geometry"_s, saveGeometry());
    m_settings.values->setValue(u"tab"_s, m_tabs->currentIndex());
    m_settings.values->setValue(u"principal"_s, m_selected);
    m_access->saveState(*m_settings.values);
}

} // namespace Ui
