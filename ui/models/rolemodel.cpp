#include "ui/models/rolemodel.h"

#include "access/rolecatalogue.h"

#include <QFont>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::RoleSummary;
using Azure::RoleDefinition;

namespace {

// The fuller, the more is at stake; the word says it, too.
QString markOf(Access::Risk risk)
{
    switch (risk) {
    case Access::Risk::Low: return u"○ "_s;
    case Access::Risk::Medium: return u"◔ "_s;
    case Access::Risk::High: return u"◕ "_s;
    case Access::Risk::Highest: break;
    }
    return u"● "_s;
}

QString textOf(const RoleDefinition &role, int column)
{
    const RoleSummary summary = Access::summaryOf(role);
    switch (column) {
    case RoleModel::Name: return role.name;
    case RoleModel::Permissions: return QString::number(summary.permissions);
    default: return markOf(summary.risk) + Access::riskName(summary.risk);
    }
}

QString spoken(const RoleDefinition &role, int column)
{
    const RoleSummary summary = Access::summaryOf(role);
    switch (column) {
    case RoleModel::Name: return role.name;
    case RoleModel::Permissions:
        return summary.permissions == 1 ? RoleModel::tr("1 permission")
                                        : RoleModel::tr("%1 permissions").arg(summary.permissions);
    default: return RoleModel::tr("risk: %1").arg(Access::riskName(summary.risk));
    }
}

} // namespace

RoleModel::RoleModel(QList<RoleDefinition> roles, QObject *parent)
    : QAbstractTableModel(parent)
    , m_all(std::move(roles))
{
    search({});
}

void RoleModel::search(const QString &text)
{
    beginResetModel();
    m_found = Access::searchRoles(m_all, text);
    endResetModel();
}

const RoleDefinition *RoleModel::roleAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < m_found.size() ? &m_found.at(index.row()) : nullptr;
}

int RoleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_found.size());
}

int RoleModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RoleModel::data(const QModelIndex &index, int role) const
{
    const RoleDefinition *one = roleAt(index);
    if (!one)
        return {};
    switch (role) {
    case Qt::DisplayRole: return textOf(*one, index.column());
    case Qt::AccessibleTextRole: return spoken(*one, index.column());
    case Qt::ToolTipRole:
        return (index.column() == Risk ? Access::summaryOf(*one).why : one->description)
            .toHtmlEscaped();
    case Qt::TextAlignmentRole:
        return index.column() == Permissions ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                             : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(true);
        return index.column() == Risk && Access::summaryOf(*one).risk >= Access::Risk::High
                   ? QVariant(font)
                   : QVariant();
    }
    default: return {};
    }
}

QVariant RoleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Role") : section == Permissions ? tr("Permissions") : tr("Risk");
}

} // namespace Ui
