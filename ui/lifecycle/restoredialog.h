#pragma once

#include "lifecycle/restoreprincipal.h"
#include "ui/lifecycle/partsfor.h"

#include <QDialog>
#include <memory>

class QLabel;
class QListWidget;
class QPushButton;

namespace Ui {

class DaysBox;
class ErrorPanel;
class StepList;

/// The principals that were retired here and can still be brought back, and that.
class RestoreDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Without \a parts the signed-in operator's are used.
    explicit RestoreDialog(Services::Services &services, QWidget *parent = nullptr,
                           PartsFor parts = {});
    ~RestoreDialog() override;

    /// Stops what is under way, and closes; it can be begun again.
    void done(int result) override;

signals:
    void restored(const QString &principalId);

private:
    void list();
    void restore();
    void finished(const Identity::ServicePrincipal &principal, const QStringList &remarks);
    void setBusy(bool busy);

    Services::Services &m_services;
    PartsFor m_partsFor;
    QList<Lifecycle::Retirement> m_all;
    QLabel *m_intro;
    QListWidget *m_list;
    DaysBox *m_days;
    StepList *m_steps;
    ErrorPanel *m_error;
    QPushButton *m_restore;
    QPushButton *m_close;
    std::unique_ptr<Lifecycle::RestorePrincipal> m_flow;
};

} // namespace Ui
