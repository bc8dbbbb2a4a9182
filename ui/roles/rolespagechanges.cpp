#include "access/verdict.h"
#include "azure/armclient.h"
#include "services/services.h"
#include "ui/models/assignmenttree.h"
#include "ui/roles/assigndialog.h"
#include "ui/roles/operatordialog.h"
#include "ui/roles/rolespage.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/nameconfirmation.h"

#include <QPushButton>
#include <QTreeView>
#include <algorithm>

// What may be changed at a place, and the changes.
namespace Ui {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Core::Result;

namespace {

bool mayWrite(const QList<Azure::Permission> &permissions)
{
    const QString action = u"Microsoft.Authorization/roleAssignments/write"_s;
    const auto any = [&](const QStringList &patterns) {
        return std::any_of(patterns.cbegin(), patterns.cend(),
                           [&](const QString &one) { return Access::matchesAction(one, action); });
    };
    return std::any_of(permissions.cbegin(), permissions.cend(), [&](const Azure::Permission &one) {
        return any(one.actions) && !any(one.notActions);
    });
}

} // namespace

// The buttons say what is possible before it is tried; Resource Manager decides all the same.
void RolesPage::askWhatMayBeDone(const Azure::Scope &scope)
{
    setMayChange(false, tr("Asking what may be done there."));
    m_asking = std::make_unique<QObject>();
    QObject *context = m_asking.get();
    m_parts->operatorToken(
        m_cloud.armScope(), context,
        [this, context, scope](const Result<Identity::AccessToken> &token) {
            if (!token)
                return setMayChange(false, token.error().message);
            auto arm = std::make_shared<Azure::ArmClient>(m_services.transport, m_cloud);
            arm->permissions(
                *token, scope, context,
                [this, arm](const Result<QList<Azure::Permission>> &permissions) {
                    if (!permissions)
                        return setMayChange(false, permissions.error().message);
                    mayWrite(*permissions)
                        ? setMayChange(true, {})
                        : setMayChange(
                              false,
                              tr("Whoever reads here may not change role assignments there."));
                });
        });
}

void RolesPage::setMayChange(bool may, const QString &why)
{
    m_assign->setEnabled(may);
    m_remove->setEnabled(may && m_tree->assignment(m_view->currentIndex()));
    m_assign->setToolTip(why.toHtmlEscaped());
    m_remove->setToolTip(may ? tr("Choose an assignment.") : why.toHtmlEscaped());
}

void RolesPage::openOperator()
{
    auto *dialog = new OperatorDialog(m_services, m_principal.cloud, m_principal.tenant, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &OperatorDialog::changed, this, &RolesPage::read);
    dialog->open();
}

void RolesPage::openAssign()
{
    const auto scope =
        Azure::Scope::parse(m_view->currentIndex().data(AssignmentTree::ScopeRole).toString());
    if (!scope || !m_parts)
        return;
    auto *dialog = new AssignDialog(*m_parts, m_cloud, m_objectId, *scope, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AssignDialog::assigned, this, &RolesPage::read);
    dialog->open();
}

void RolesPage::askRemove()
{
    const RoleAssignment *chosen = m_tree->assignment(m_view->currentIndex());
    if (!chosen)
        return;
    m_leaving = *chosen;
    const auto *role = m_tree->role(chosen->roleDefinitionId);
    const QString name = role ? role->name : chosen->roleDefinitionId;
    m_removal->setSubject(tr("“%1” loses “%2” at %3. Write the role's name to remove it:")
                              .arg(m_principal.name, name, chosen->scope.id()),
                          name);
    m_removal->clear();
    m_removal->show();
    m_removal->focusField();
}

void RolesPage::remove(const RoleAssignment &assignment)
{
    m_error->clear();
    m_removal->hide();
    m_work = std::make_unique<QObject>();
    setBusy(tr("Removing the assignment at %1.").arg(assignment.scope.id()));
    m_parts->operatorToken(m_cloud.armScope(), m_work.get(),
                           [this, assignment](const Result<Identity::AccessToken> &token) {
                               if (!token)
                                   return fail(token.error());
                               auto arm = std::make_shared<Azure::ArmClient>(m_services.transport,
                                                                             m_cloud);
                               arm->deleteAssignment(*token, assignment.id, m_work.get(),
                                                     [this, arm](const Result<void> &removed) {
                                                         if (!removed)
                                                             return fail(removed.error());
                                                         read();
                                                     });
                           });
}

} // namespace Ui
