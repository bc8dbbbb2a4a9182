#pragma once

#include "core/error.h"
#include "identity/serviceprincipal.h"
#include "ui/windowsettings.h"

#include <QMainWindow>
#include <memory>

class QStackedWidget;
class QTabWidget;

namespace Services {
class SandboxSession;
struct Services;
}

namespace Ui {

class AccessPage;
class CredentialDialog;
class ErrorPanel;
class ExpiryNotice;
class ExpiryPage;
class HandoverPage;
class InspectDialog;
class IsolationPage;
class PrincipalHeader;
class PrincipalModel;
class Rail;
class RolesPage;
class RotationNotice;
class SecretClipboard;
class StoragePage;
class WelcomePage;

/// The window: the principals at the left, the selected one's pages at the right.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Services::Services &services, Services::SandboxSession &sandbox, QWidget *parent = nullptr);
    ~MainWindow() override;

    void startSandbox();

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makePrincipalPane();
    void makeExpiry();
    void openPrincipal(const QString &id);
    void reload();
    void select(const QString &id);
    CredentialDialog *openDialog();
    void openRegister();
    void openRotate();
    void openRetire();
    void openRestore();
    InspectDialog *openInspect();
    void pasteFromClipboard();
    void removeSelected();
    void rememberAccount(const QUrl &account);
    void lookForOrphans();
    void restoreState();

    Services::Services &m_services;
    Services::SandboxSession &m_sandbox;
    WindowSettings m_settings;
    PrincipalModel *m_model;
    SecretClipboard *m_clipboard;
    Rail *m_rail;
    QStackedWidget *m_stack;
    WelcomePage *m_welcome;
    PrincipalHeader *m_header;
    QTabWidget *m_tabs;
    AccessPage *m_access;
    StoragePage *m_storage;
    HandoverPage *m_handover;
    IsolationPage *m_isolation;
    RotationNotice *m_rotations;
    ExpiryNotice *m_notice;
    ExpiryPage *m_expiry;
    RolesPage *m_roles;
    ErrorPanel *m_error;
    QString m_selected;
};

} // namespace Ui
