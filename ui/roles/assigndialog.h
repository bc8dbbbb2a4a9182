#pragma once

#include "access/conditionbuilder.h"
#include "azure/newassignment.h"
#include "identity/cloud.h"
#include "lifecycle/parts.h"

#include <QDialog>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace Lifecycle {
class AssignRole;
}

namespace Ui {

class ErrorPanel;
class RoleSearch;

/// Choose a role (by name, words or an operation), a place and, if wanted, a condition; see the az
/// command; assign.
class AssignDialog final : public QDialog
{
    Q_OBJECT
public:
    AssignDialog(Lifecycle::Parts parts, Identity::Cloud cloud, QString objectId,
                 const Azure::Scope &scope, QWidget *parent);
    ~AssignDialog() override;

signals:
    void assigned();

private:
    void showRole();
    void update();
    void assign();
    /// What the form says, or why it says nothing yet.
    Core::Result<Azure::NewAssignment> wanted() const;
    Core::Result<QString> condition() const;

    Lifecycle::Parts m_parts;
    Identity::Cloud m_cloud;
    QString m_objectId;
    RoleSearch *m_search;
    QLabel *m_role;
    QLineEdit *m_scope;
    QComboBox *m_kind;
    QLineEdit *m_key;
    QLineEdit *m_value;
    QLabel *m_remark;
    QLabel *m_command;
    QPushButton *m_assign;
    ErrorPanel *m_error;
    std::unique_ptr<Lifecycle::AssignRole> m_flow;
};

} // namespace Ui
