#pragma once

#include "azure/roles.h"

#include <QAbstractTableModel>

namespace Ui {

/// The roles that a search finds, with how much each allows and puts at stake.
class RoleModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Permissions, Risk, ColumnCount };

    explicit RoleModel(QList<Azure::RoleDefinition> roles, QObject *parent = nullptr);

    /// As Access::searchRoles(): words of a name or description, or an operation.
    void search(const QString &text);
    const Azure::RoleDefinition *roleAt(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<Azure::RoleDefinition> m_all;
    QList<Azure::RoleDefinition> m_found;
};

} // namespace Ui
