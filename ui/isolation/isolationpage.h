#pragma once

#include "access/isolation.h"
#include "identity/serviceprincipal.h"

#include <QWidget>
#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace Services {
struct Services;
class IsolationRun;
} // namespace Services

namespace Ui {

class ErrorPanel;
class IsolationModel;
class PartyModel;
class ReportButton;

/// Proves that the environments are kept apart: each principal is tried at each environment's
/// accounts.
class IsolationPage final : public QWidget
{
    Q_OBJECT
public:
    explicit IsolationPage(Services::Services &services, QWidget *parent = nullptr);
    ~IsolationPage() override;

    void setPrincipals(const QList<Identity::ServicePrincipal> &principals);

private:
    QWidget *makeBar();
    QWidget *makeResult();
    void prove();
    void finished(const Access::Isolation &isolation);
    void setProving(bool proving);
    void offerReport(const Access::Isolation &isolation);

    Services::Services &m_services;
    PartyModel *m_parties;
    IsolationModel *m_model;
    QTableView *m_partyTable;
    QTableView *m_table;
    QPushButton *m_prove;
    QPushButton *m_cancel;
    QProgressBar *m_progress;
    ReportButton *m_save;
    QLabel *m_verdict;
    QLabel *m_warnings;
    QLabel *m_why;
    ErrorPanel *m_error;
    QLabel *m_clouds; ///< of the principals whose cloud is a file
    std::unique_ptr<Services::IsolationRun> m_running;
};

} // namespace Ui
