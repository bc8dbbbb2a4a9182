#pragma once

#include "azure/roles.h"

#include <QStandardItemModel>

namespace Ui {

/// Role assignments as a tree of the places where they hold: management group, subscription,
/// resource group, account, container.
class AssignmentTree final : public QStandardItemModel
{
    Q_OBJECT
public:
    enum Column { Place, Allows, ColumnCount };
    enum Role {
        ScopeRole = Qt::UserRole + 1, ///< the resource ID
        AssignmentRole,               ///< the assignment's resource ID; empty for a place
        SortRole,
    };

    explicit AssignmentTree(QObject *parent = nullptr);

    void setAssignments(const QList<Azure::RoleAssignment> &assignments,
                        const QList<Azure::RoleDefinition> &roles);
    /// The assignment of a row; nothing for a place.
    const Azure::RoleAssignment *assignment(const QModelIndex &index) const;
    const Azure::RoleDefinition *role(const QString &id) const;
    static QString levelName(const Azure::Scope &scope); ///< "resource group", …

private:
    QStandardItem *place(const Azure::Scope &scope);

    QList<Azure::RoleAssignment> m_assignments;
    QList<Azure::RoleDefinition> m_roles;
    QHash<QString, QStandardItem *> m_places; ///< by resource ID, lower case
};

/// What a role allows, in words: one sentence for each kind of thing, then the actions themselves.
QString roleInWords(const Azure::RoleDefinition &role);
QString roleActions(const Azure::RoleDefinition &role);

} // namespace Ui
