#pragma once

#include "access/accessreport.h"
#include "identity/serviceprincipal.h"

#include <QWidget>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace Services {
struct Services;
class AccessCheck;
}

namespace Ui {

class AccessMatrixModel;
class ErrorPanel;
class MatrixView;
class WhyPanel;

/// Check access: the account, the matrix that fills, and why a cell is as it is.
class AccessPage final : public QWidget
{
    Q_OBJECT
public:
    explicit AccessPage(Services::Services &services, QWidget *parent = nullptr);
    ~AccessPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    /// The user worked with this account; it should be remembered.
    void accountUsed(const QUrl &account);

private:
    void check();
    void finished(const Access::AccessReport &report);
    void failed(const Core::Error &error);
    void setChecking(bool checking);
    void open(const QModelIndex &index);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    AccessMatrixModel *m_model;
    MatrixView *m_view;
    WhyPanel *m_why;
    ErrorPanel *m_error;
    QComboBox *m_account;
    QLineEdit *m_containers;
    QPushButton *m_check;
    QPushButton *m_cancel;
    QProgressBar *m_progress;
    QLabel *m_summary;
    std::unique_ptr<Services::AccessCheck> m_running;
};

} // namespace Ui
