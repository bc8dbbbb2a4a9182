#include "ui/models/principalmodel.h"

#include "identity/expiry.h"
#include "ui/models/endinwords.h"

#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::Environment;
using Identity::Expiry;
using Identity::ServicePrincipal;

namespace {

constexpr quintptr topLevel = 0;

// Production before test before development before every other word.
int rank(const Environment &environment)
{
    return environment.isProduction() ? 0 : environment.isTest() ? 1 : environment.isDevelopment() ? 2 : environment.name.isEmpty() ? 4 : 3;
}

} // namespace

PrincipalModel::PrincipalModel(QObject *parent) : QAbstractItemModel(parent) {}

void PrincipalModel::setPrincipals(const QList<ServicePrincipal> &principals, const QDateTime &now, const QSet<QString> &rotating,
                                   const QHash<QString, QString> &removals)
{
    beginResetModel();
    m_now = now;
    m_rotating = rotating;
    m_removals = removals;
    m_groups.clear();
    for (const ServicePrincipal &principal : principals) {
        auto group = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group &one) {
            return one.environment.name.compare(principal.environment.name, Qt::CaseInsensitive) == 0;
        });
        if (group == m_groups.end())
            group = m_groups.insert(m_groups.end(), {principal.environment, {}});
        group->principals.append(principal);
    }
    std::stable_sort(m_groups.begin(), m_groups.end(),
                     [](const Group &a, const Group &b) { return rank(a.environment) < rank(b.environment); });
    endResetModel();
}

const ServicePrincipal *PrincipalModel::principalAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return nullptr;
    return &m_groups[static_cast<qsizetype>(index.internalId()) - 1].principals[index.row()];
}

QModelIndex PrincipalModel::indexOf(const QString &id) const
{
    for (int g = 0; g < m_groups.size(); ++g) {
        for (int row = 0; row < m_groups[g].principals.size(); ++row) {
            if (m_groups[g].principals[row].id == id)
                return createIndex(row, 0, static_cast<quintptr>(g) + 1);
        }
    }
    return {};
}

QModelIndex PrincipalModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : topLevel);
}

QModelIndex PrincipalModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == topLevel)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, topLevel);
}

int PrincipalModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != topLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_groups[parent.row()].principals.size());
}

int PrincipalModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QString PrincipalModel::badge(const ServicePrincipal &principal) const
{
    const Expiry expiry = Identity::expiryOf(principal, m_now, std::chrono::hours(24 * 60));
    QStringList parts;
    if (m_removals.contains(principal.id))
        parts.append(tr("removal unfinished"));
    if (m_rotating.contains(principal.id))
        parts.append(u"⟳"_s);
    if (expiry.state == Expiry::State::Expired)
        parts.append(tr("expired"));
    else if (expiry.state == Expiry::State::Soon)
        parts.append(tr("%1d").arg(expiry.days));
    return parts.join(u' ');
}

QString PrincipalModel::spoken(const ServicePrincipal &principal) const
{
    QStringList parts{principal.name};
    if (m_removals.contains(principal.id))
        parts.append(tr("removal unfinished: %1 Retry with Remove").arg(m_removals.value(principal.id)));
    if (m_rotating.contains(principal.id))
        parts.append(tr("its rotation is not ended"));
    if (expiryOf(principal, m_now, std::chrono::hours(24 * 60)).state >= Expiry::State::Soon)
        parts.append(endInWords(principal, m_now));
    return parts.join(u", "_s);
}

int PrincipalModel::trouble(const ServicePrincipal &principal) const
{
    const Expiry expiry = Identity::expiryOf(principal, m_now, std::chrono::hours(24 * 30));
    return expiry.state == Expiry::State::Expired ? Ended
           : expiry.state == Expiry::State::Soon || m_rotating.contains(principal.id) || m_removals.contains(principal.id) ? EndsSoon
                                                  : NoTrouble;
}

QVariant PrincipalModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const ServicePrincipal *principal = principalAt(index);
    if (!principal) {
        const QString name = m_groups[index.row()].environment.name;
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return name.isEmpty() ? tr("NO ENVIRONMENT") : name.toUpper();
        return role == EnvironmentRole ? QVariant(name) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole: return principal->name;
    case Qt::AccessibleTextRole: return spoken(*principal);
    case Qt::ToolTipRole: return tr("%1\nclient %2").arg(spoken(*principal), principal->clientId).toHtmlEscaped().replace(u'\n', u"<br>"_s);
    case IdRole: return principal->id;
    case EnvironmentRole: return principal->environment.name;
    case BadgeRole: return badge(*principal);
    case TroubleRole: return trouble(*principal);
    default: return {};
    }
}

Qt::ItemFlags PrincipalModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return principalAt(index) ? QAbstractItemModel::flags(index) : Qt::ItemIsEnabled;
}

} // namespace Ui
