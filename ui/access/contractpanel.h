#pragma once

#include "access/authorizationfacts.h"
#include "access/contract.h"

#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QSplitter;
class QTableView;

namespace Ui {

class ContractModel;
class ErrorPanel;

/// Makes a contract out of the present matrix, opens one, and says clause by clause whether it is
/// kept.
class ContractPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit ContractPanel(QWidget *parent = nullptr);

    /// The report of the last check that ended, and the rights it was predicted from; nothing while
    /// there is none.
    void setReport(const std::optional<Access::AccessReport> &report,
                   std::shared_ptr<const Access::AuthorizationFacts> rights = {});
    /// Opens the contract in \a path; an empty one closes what is open.
    void setPath(const QString &path);
    QString path() const { return m_path; }
    /// Nothing while no contract is open or no check has ended.
    const std::optional<Access::ContractResult> &result() const { return m_result; }

signals:
    /// Again when it was found what would mend a broken contract.
    void compared();
    void clauseChosen(const QString &container, const QString &operation);

private:
    QWidget *makeButtons();
    QWidget *makeRemedies();
    void searchRemedies();
    void showRemedies();
    void make();
    void write(const QString &path, const QByteArray &yaml);
    void open();
    void compare();

    std::optional<Access::AccessReport> m_report;
    std::shared_ptr<const Access::AuthorizationFacts> m_rights;
    int m_comparison = 0; ///< which of them the remedies that come late belong to
    std::optional<Access::Contract> m_contract;
    std::optional<Access::ContractResult> m_result;
    QString m_path;
    ContractModel *m_model;
    QLabel *m_title;
    QSplitter *m_lists;
    QTableView *m_table;
    QLabel *m_remedies;
    QWidget *m_remedyBox;
    QPushButton *m_make;
    QPushButton *m_close;
    ErrorPanel *m_error;
};

} // namespace Ui
