#include "ui/models/expirymodel.h"

#include "ui/models/endinwords.h"

#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::Expiry;
using Identity::ServicePrincipal;

ExpiryModel::ExpiryModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void ExpiryModel::setPrincipals(const QList<ServicePrincipal> &principals, const QDateTime &now)
{
    beginResetModel();
    m_now = now;
    m_entries.clear();
    for (const ServicePrincipal &one : principals)
        m_entries.append(Identity::expiryOf(one, now, soon));
    std::stable_sort(m_entries.begin(), m_entries.end(), [](const Expiry &a, const Expiry &b) {
        const bool known = a.state != Expiry::State::Unknown;
        if (known != (b.state != Expiry::State::Unknown))
            return known;
        return known && a.principal.credentialExpiresAt < b.principal.credentialExpiresAt;
    });
    endResetModel();
}

int ExpiryModel::pressing() const
{
    return int(std::count_if(m_entries.cbegin(), m_entries.cend(), [](const Expiry &one) {
        return one.state == Expiry::State::Soon || one.state == Expiry::State::Expired;
    }));
}

int ExpiryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int ExpiryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString ExpiryModel::text(const Expiry &entry, int column) const
{
    const ServicePrincipal &principal = entry.principal;
    switch (column) {
    case Ends:
        return entry.state == Expiry::State::Unknown
                   ? u"–"_s
                   : principal.credentialExpiresAt.toUTC().toString(u"yyyy-MM-dd"_s);
    case Principal: return principal.name;
    case Environment: return principal.environment.name;
    case Left: {
        const QString words = endInWords(principal, m_now);
        return words.isEmpty() ? tr("its end is not known here") : words;
    }
    default: return {};
    }
}

QVariant ExpiryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Expiry &entry = m_entries[index.row()];
    switch (role) {
    case Qt::DisplayRole: return text(entry, index.column());
    case Qt::ToolTipRole: return text(entry, index.column()).toHtmlEscaped();
    case IdRole: return entry.principal.id;
    case DayRole:
        return entry.state == Expiry::State::Unknown
                   ? QDate()
                   : entry.principal.credentialExpiresAt.toUTC().date();
    case StateRole: return int(entry.state);
    default: return {};
    }
}

QVariant ExpiryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Ends: return tr("Ends");
    case Principal: return tr("Principal");
    case Environment: return tr("Environment");
    case Left: return tr("What");
    default: return {};
    }
}

} // namespace Ui
