#pragma once

#include "access/authorizationfacts.h"
#include "access/smallestfix.h"

#include <QList>
#include <QWidget>
#include <memory>

class QLabel;
class QTableView;
class QToolButton;

namespace Ui {

class ElidedLabel;
class FixModel;

/// The smallest fix for the chosen cells: what to assign for those that are denied, what to drop
/// for one that is allowed.
class FixPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit FixPanel(QWidget *parent = nullptr);

    /// What was read of the principal's rights; nothing where no roles were read.
    void setRights(std::shared_ptr<const Access::AuthorizationFacts> rights);
    /// The cells that are chosen in the matrix.
    void setChosen(const QList<Access::Cell> &cells);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void search();
    void searchFixes(const QList<Access::WantedCell> &wanted, int chosen);
    void searchOverGrants(const Access::WantedCell &unwanted);
    void showCommand();

    std::shared_ptr<const Access::AuthorizationFacts> m_rights;
    QList<Access::Cell> m_chosen;
    bool m_stale = false;
    int m_search = 0; ///< the answer to an older one is of no interest
    FixModel *m_model;
    QLabel *m_title;
    QTableView *m_table;
    ElidedLabel *m_command;
    QToolButton *m_copy;
};

} // namespace Ui
