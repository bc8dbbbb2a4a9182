#pragma once

#include "lifecycle/registerapplication.h"
#include "ui/lifecycle/partsfor.h"

#include <QDialog>
#include <memory>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace Ui {

class DaysBox;
class ErrorPanel;
class StepList;

/// Makes an application in Entra ID, with its first secret or certificate, and keeps it here.
class RegisterDialog final : public QDialog
{
    Q_OBJECT
public:
    /// \a cloud and \a tenant are offered; with empty ones those of the newest sign-in. Without \a
    /// parts the signed-in operator's are used.
    RegisterDialog(Services::Services &services, const QString &cloud, const QString &tenant,
                   QWidget *parent = nullptr, PartsFor parts = {});
    ~RegisterDialog() override;

    /// Stops what is under way, and undoes it, before it closes.
    void reject() override;

signals:
    void registered(const QString &principalId);
    void operatorRequested(const QString &cloud, const QString &tenant);

private:
    QWidget *makeFields();
    void makeName();
    void makeCredential();
    void addCommand(QFormLayout *form);
    void addOperator(QFormLayout *form);
    void offer(const QString &cloud, const QString &tenant);
    void update();
    void begin();
    void start(const Lifecycle::RegisterApplication::Request &request);
    void finished(const Lifecycle::RegisterApplication::Outcome &outcome);
    void failed(const Core::Error &error, const QStringList &left);
    void setBusy(bool busy);
    QString hindrance(const Lifecycle::RegisterApplication::Request &request) const;
    Lifecycle::RegisterApplication::Request wanted() const;

    Services::Services &m_services;
    PartsFor m_partsFor;
    QWidget *m_fields;
    QLineEdit *m_name;
    QComboBox *m_environment;
    QComboBox *m_kind;
    DaysBox *m_days;
    QLineEdit *m_tenant;
    QComboBox *m_cloud;
    QLabel *m_operator;
    QLabel *m_remark;
    QPlainTextEdit *m_command;
    StepList *m_steps;
    ErrorPanel *m_error;
    QPushButton *m_register;
    QPushButton *m_close;
    bool m_busy = false;
    std::unique_ptr<QObject> m_making; ///< while the certificate is made
    std::unique_ptr<Lifecycle::RegisterApplication> m_flow;
};

} // namespace Ui
