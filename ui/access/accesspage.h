#pragma once

#include "access/accessreport.h"
#include "identity/serviceprincipal.h"

#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QSettings;
class QSplitter;
class QTabWidget;

namespace Services {
struct Services;
class AccessCheck;
} // namespace Services

namespace Ui {

class AccessMatrixModel;
class CheckBar;
class ErrorPanel;
class FixPanel;
class Legend;
class MatrixView;
class ReportButton;
class WhyPanel;

/// Check access: the account, the matrix that fills, why a cell is as it is, and what would mend
/// it.
class AccessPage final : public QWidget
{
    Q_OBJECT
public:
    explicit AccessPage(Services::Services &services, QWidget *parent = nullptr);
    ~AccessPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

signals:
    /// The user worked with this account; it should be remembered.
    void accountUsed(const QUrl &account);

private:
    QWidget *makeMatrix();
    QWidget *makeDetails();
    void check();
    void begin(const QUrl &account);
    void finished(const Access::AccessReport &report);
    void failed(const Core::Error &error);
    void forget();
    void summarize(const Access::AccessReport &report);
    void showNotes(const QList<Access::Finding> &notes);
    void open(const QModelIndex &index);
    void chosen();

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    std::optional<Access::AccessReport> m_report; ///< of the last check that ended
    CheckBar *m_bar;
    AccessMatrixModel *m_model;
    MatrixView *m_view;
    Legend *m_legend;
    QSplitter *m_splitter;
    QTabWidget *m_details;
    WhyPanel *m_why;
    FixPanel *m_fix;
    QLabel *m_notes;
    ReportButton *m_save;
    ErrorPanel *m_error;
    QLabel *m_summary;
    std::unique_ptr<Services::AccessCheck> m_running;
};

} // namespace Ui
