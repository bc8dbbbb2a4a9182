#include "services/checkhistory.h"
#include "services/services.h"
#include "ui/expiry/expirynotice.h"
#include "ui/expiry/expirypage.h"
#include "ui/handover/inspectdialog.h"
#include "ui/lifecycle/registerdialog.h"
#include "ui/lifecycle/restoredialog.h"
#include "ui/lifecycle/retiredialog.h"
#include "ui/lifecycle/rotatedialog.h"
#include "ui/lifecycle/rotationnotice.h"
#include "ui/mainwindow.h"
#include "ui/principals/credentialdialog.h"
#include "ui/principals/rail.h"
#include "ui/roles/operatordialog.h"

#include <QStackedWidget>

// The dialogs of a principal's life cycle and of other people's files, and what tells of an end.
namespace Ui {

void MainWindow::makeExpiry()
{
    m_expiry = new ExpiryPage(m_services.clock, this);
    m_stack->addWidget(m_expiry);
    m_notice = new ExpiryNotice(m_services.clock, this);
    m_rotations = new RotationNotice(this);
    connect(m_rotations, &RotationNotice::resumeRequested, this, [this](const QString &id) {
        openPrincipal(id);
        openRotate();
    });
    const auto show = [this] {
        m_stack->setCurrentWidget(m_expiry);
        setWindowState(windowState() & ~Qt::WindowMinimized);
        raise();
        activateWindow();
    };
    connect(m_rail, &Rail::expiryRequested, this, show);
    connect(m_notice, &ExpiryNotice::openRequested, this, show);
    connect(m_expiry, &ExpiryPage::opened, this, &MainWindow::openPrincipal);
}

void MainWindow::openPrincipal(const QString &id)
{
    m_rail->select(id);
    select(id);
    m_stack->setCurrentIndex(1);
}

void MainWindow::openRegister()
{
    const auto near = m_services.vault.find(m_selected);
    auto *dialog =
        new RegisterDialog(m_services, near && !m_selected.isEmpty() ? near->cloud : QString(),
                           near && !m_selected.isEmpty() ? near->tenant : QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RegisterDialog::registered, this, [this](const QString &id) {
        reload();
        m_rail->select(id);
    });
    connect(dialog, &RegisterDialog::operatorRequested, dialog,
            [this, dialog](const QString &cloud, const QString &tenant) {
                auto *person = new OperatorDialog(m_services, cloud, tenant, dialog);
                person->setAttribute(Qt::WA_DeleteOnClose);
                person->open();
            });
    dialog->open();
}

void MainWindow::openRotate()
{
    const auto principal = m_services.vault.find(m_selected);
    if (!principal)
        return;
    auto *dialog = new RotateDialog(m_services, *principal, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RotateDialog::changed, this, &MainWindow::reload);
    dialog->open();
}

void MainWindow::openRetire()
{
    const auto principal = m_services.vault.find(m_selected);
    if (!principal)
        return;
    auto *dialog = new RetireDialog(m_services, *principal, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RetireDialog::retired, this, [this](const QString &id) {
        Services::CheckHistory(m_services.vault.folder()).forget(id);
        reload();
    });
    dialog->open();
}

void MainWindow::openRestore()
{
    auto *dialog = new RestoreDialog(m_services, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RestoreDialog::restored, this, [this](const QString &id) {
        reload();
        m_rail->select(id);
    });
    dialog->open();
}

InspectDialog *MainWindow::openInspect()
{
    auto *dialog = new InspectDialog(m_services, *m_clipboard, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &InspectDialog::keepRequested, this,
            [this](const QString &text) { openDialog()->paste(text); });
    dialog->open();
    return dialog;
}

} // namespace Ui
