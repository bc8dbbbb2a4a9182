#pragma once

#include "lifecycle/retireprincipal.h"
#include "ui/lifecycle/partsfor.h"

#include <QDialog>
#include <memory>

class QLabel;
class QListWidget;
class QPushButton;

namespace Ui {

class ErrorPanel;
class NameConfirmation;
class StepList;

/// Names all that a principal's end takes away, asks for its name, and takes it away.
class RetireDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Without \a parts the signed-in operator's are used.
    RetireDialog(Services::Services &services, Identity::ServicePrincipal principal,
                 QWidget *parent = nullptr, PartsFor parts = {});
    ~RetireDialog() override;

    /// Stops what is under way, and closes; what is gone by then stays gone.
    void done(int result) override;

signals:
    void retired(const QString &principalId);

private:
    void makeConfirmation();
    void look();
    void planned(const Lifecycle::RetirePrincipal::Plan &plan);
    void proceed();
    void finished(const Lifecycle::Retirement &retirement);
    void failed(const Core::Error &error, const QStringList &left);
    void setBusy(bool busy);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    PartsFor m_partsFor;
    QLabel *m_intro;
    QListWidget *m_plan;
    QLabel *m_remarks;
    QLabel *m_command;
    NameConfirmation *m_confirmation;
    QPushButton *m_again;
    QPushButton *m_close;
    StepList *m_steps;
    ErrorPanel *m_error;
    bool m_isPlanned = false;
    std::unique_ptr<Lifecycle::RetirePrincipal> m_flow;
};

} // namespace Ui
