#pragma once

#include "access/accessreport.h"
#include "access/authorizationfacts.h"
#include "access/drift.h"
#include "identity/serviceprincipal.h"
#include "services/checkhistory.h"

#include <QHash>
#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QSettings;
class QSplitter;

namespace Services {
struct Services;
class AccessCheck;
class EffectiveWait;
} // namespace Services

namespace Ui {

class AccessDetails;
class AccessMatrixModel;
class CheckBar;
class ErrorPanel;
class Legend;
class MatrixView;
class ReportButton;

/// Check access: the account, the matrix that fills, and below it why a cell is as it is and what
/// would mend it.
class AccessPage final : public QWidget
{
    Q_OBJECT
public:
    explicit AccessPage(Services::Services &services, QWidget *parent = nullptr);
    ~AccessPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);
    void saveState(QSettings &settings);
    void restoreState(QSettings &settings);

signals:
    /// The user worked with this account; it should be remembered.
    void accountUsed(const QUrl &account);

private:
    QWidget *makeMatrix();
    void makeDetails();
    void check();
    void begin(const QUrl &account);
    void cancel();
    void waitUntilEffective();
    void finished(const Access::AccessReport &report);
    void failed(const Core::Error &error);
    void keep(const Access::AccessReport &report);
    void showReport(const Access::AccessReport &report);
    void offerReport();
    void forget();
    void stop();
    void open(const QModelIndex &index);
    void chosen();
    void showContract();

    Services::Services &m_services;
    Services::CheckHistory m_history;
    Identity::ServicePrincipal m_principal;
    std::optional<Access::AccessReport> m_report; ///< of the last check that ended
    std::optional<Access::Drift> m_drift;
    std::shared_ptr<const Access::AuthorizationFacts> m_rights;
    QHash<QString, QString> m_contracts; ///< the contract's file by the principal's id
    CheckBar *m_bar;
    AccessMatrixModel *m_model;
    MatrixView *m_view;
    Legend *m_legend;
    QSplitter *m_splitter;
    AccessDetails *m_details;
    ReportButton *m_save;
    ErrorPanel *m_error;
    QLabel *m_summary;
    std::unique_ptr<Services::AccessCheck> m_running;
    std::unique_ptr<Services::EffectiveWait> m_waiting;
};

} // namespace Ui
