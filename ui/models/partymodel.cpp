#include "ui/models/partymodel.h"

#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

PartyModel::PartyModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void PartyModel::setPrincipals(const QList<ServicePrincipal> &principals)
{
    QList<Party> parties;
    for (const ServicePrincipal &principal : principals) {
        for (const QUrl &account : principal.accounts) {
            // The one that the Access page begins with.
            Party party{principal, account, account == principal.accounts.first()};
            const auto before =
                std::find_if(m_parties.cbegin(), m_parties.cend(), [&](const Party &one) {
                    return one.principal.id == principal.id && one.account == account;
                });
            if (before != m_parties.cend())
                party.own = before->own;
            parties.append(party);
        }
    }
    if (parties == m_parties)
        return;
    beginResetModel();
    m_parties = parties;
    endResetModel();
}

QList<PartyModel::Party> PartyModel::own() const
{
    QList<Party> ticked;
    std::copy_if(m_parties.cbegin(), m_parties.cend(), std::back_inserter(ticked),
                 [](const Party &one) { return one.own; });
    return ticked;
}

int PartyModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_parties.size());
}

int PartyModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PartyModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Party &party = m_parties[index.row()];
    if (role == Qt::CheckStateRole && index.column() == Principal)
        return static_cast<int>(party.own ? Qt::Checked : Qt::Unchecked);
    if (role == Qt::AccessibleTextRole && index.column() == Principal) {
        return party.own
                   ? tr("%1, own account %2").arg(party.principal.name, party.account.toString())
                   : tr("%1, not at %2").arg(party.principal.name, party.account.toString());
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    QString text = party.account.toString();
    if (index.column() == Principal)
        text = party.principal.name;
    else if (index.column() == Environment)
        text = party.principal.environment.name;
    return role == Qt::ToolTipRole ? text.toHtmlEscaped() : text;
}

bool PartyModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole || index.column() != Principal)
        return false;
    m_parties[index.row()].own = value.toInt() == Qt::Checked;
    emit dataChanged(index, index, {Qt::CheckStateRole, Qt::AccessibleTextRole});
    return true;
}

QVariant PartyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Principal     ? tr("Principal")
           : section == Environment ? tr("Environment")
                                    : tr("Its own account");
}

Qt::ItemFlags PartyModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == Principal ? flags | Qt::ItemIsUserCheckable : flags;
}

} // namespace Ui
