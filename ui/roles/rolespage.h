#pragma once

#include "azure/roles.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"
#include "lifecycle/parts.h"

#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QTreeView;

namespace Services {
struct FoundAssignments;
struct Services;
} // namespace Services

namespace Ui {

class AssignmentTree;
class ErrorPanel;
class NameConfirmation;
class RoleDetail;

/// The role assignments that name a principal, by place; what each role allows; which role would
/// do; assign and remove where whoever is signed in may.
class RolesPage final : public QWidget
{
    Q_OBJECT
public:
    explicit RolesPage(Services::Services &services, QWidget *parent = nullptr);
    ~RolesPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    void registerRequested();

private:
    QWidget *makeBar();
    QWidget *makeSide();
    void read();
    void readAs(const std::optional<Identity::ServicePrincipal> &actor);
    void showAssignments(const Services::FoundAssignments &found);
    void showCurrent();
    void askWhatMayBeDone(const Azure::Scope &scope);
    void setMayChange(bool may, const QString &why);
    void openOperator();
    void openAssign();
    void askRemove();
    void remove(const Azure::RoleAssignment &assignment);
    void cancel();
    void setBusy(const QString &what);
    void fail(const Core::Error &error);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    Identity::Cloud m_cloud;
    std::optional<Lifecycle::Parts> m_parts;
    QString m_objectId;
    bool m_asItself = false; ///< nobody is signed in: the principal's own rights are used
    AssignmentTree *m_tree;
    QTreeView *m_view;
    QLabel *m_status;
    RoleDetail *m_detail;
    QPushButton *m_read;
    QPushButton *m_cancel;
    QPushButton *m_operator;
    QPushButton *m_assign;
    QPushButton *m_remove;
    NameConfirmation *m_removal;
    Azure::RoleAssignment m_leaving; ///< that the question is about
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work; ///< context of what is under way
    std::unique_ptr<QObject>
        m_asking; ///< context of the question what may be done at the selected place
};

} // namespace Ui
