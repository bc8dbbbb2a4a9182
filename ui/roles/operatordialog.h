#pragma once

#include "identity/devicecode.h"
#include "services/operators.h"

#include <QDialog>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QTreeWidget;

namespace Services {
class OperatorSignIn;
struct Services;
} // namespace Services

namespace Ui {

class ErrorPanel;

/// Who is signed in as operator, and where; signs in by browser, device code or az, and out.
class OperatorDialog final : public QDialog
{
    Q_OBJECT
public:
    /// \a cloud and \a tenant are offered for the next sign-in.
    OperatorDialog(Services::Services &services, const QString &cloud, const QString &tenant,
                   QWidget *parent = nullptr);
    ~OperatorDialog() override;

signals:
    void changed(); ///< somebody signed in or out

private:
    QWidget *makeList();
    QWidget *makeSignIn(const QString &tenant);
    QWidget *makeInvitation();
    void reload();
    void signIn();
    void signOut();
    void showCode(const Identity::DeviceCode &code);
    void showAddress(const QUrl &url);
    void ended(const Core::Result<Services::Operator> &who);
    void setBusy(const QString &what);

    Services::Services &m_services;
    QString m_cloud;
    QList<Services::Operator> m_signedIn;
    QTreeWidget *m_list;
    QPushButton *m_out;
    QComboBox *m_way;
    QLineEdit *m_tenant;
    QPushButton *m_in;
    QPushButton *m_cancel;
    QWidget *m_invitation; ///< the code, or the address to open
    QLabel *m_told;
    QLabel *m_code;
    QLabel *m_status;
    ErrorPanel *m_error;
    QString m_copied; ///< what the copy button copies
    std::unique_ptr<Services::OperatorSignIn> m_flow;
};

} // namespace Ui
