#include "ui/models/fixmodel.h"

namespace Ui {

using namespace Qt::StringLiterals;

FixModel::FixModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void FixModel::setSuggestions(const QList<Suggestion> &suggestions)
{
    beginResetModel();
    m_suggestions = suggestions;
    endResetModel();
}

QList<FixModel::Suggestion> FixModel::suggestions(const QList<Access::Fix> &fixes)
{
    QList<Suggestion> rows;
    for (const Access::Fix &fix : fixes)
        rows.append({tr("Assign"), fix.role, fix.scope.id(), fix.words(), fix.command});
    return rows;
}

QList<FixModel::Suggestion> FixModel::suggestions(const QList<Access::OverGrant> &overGrants)
{
    QList<Suggestion> rows;
    for (const Access::OverGrant &grant : overGrants) {
        QString effect = grant.alsoLost.isEmpty()
                             ? tr("takes nothing else away")
                             : tr("would also take away: %1").arg(grant.alsoLost.join(u", "_s));
        rows.append({tr("Drop"), grant.role, grant.scope.id(), effect, grant.command});
        if (grant.narrower) {
            rows.append(
                {tr("… and assign in its place"), grant.narrower->role, grant.narrower->scope.id(),
                 tr("keeps the rest; %1").arg(grant.narrower->words()), grant.narrower->command});
        }
    }
    return rows;
}

int FixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_suggestions.size());
}

int FixModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString FixModel::text(const Suggestion &suggestion, int column) const
{
    switch (column) {
    case Change: return suggestion.change;
    case Role: return suggestion.role;
    case Place: return suggestion.scope.section(u'/', -2);
    default: return suggestion.effect;
    }
}

QVariant FixModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Suggestion &suggestion = m_suggestions[index.row()];
    switch (role) {
    case Qt::DisplayRole: return text(suggestion, index.column());
    case Qt::ToolTipRole:
        return (index.column() == Place ? suggestion.scope : text(suggestion, index.column()))
            .toHtmlEscaped();
    case CommandRole: return suggestion.command;
    default: return {};
    }
}

QVariant FixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Change: return tr("Change");
    case Role: return tr("Role");
    case Place: return tr("At");
    default: return tr("What else it does");
    }
}

} // namespace Ui
