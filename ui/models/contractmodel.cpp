#include "ui/models/contractmodel.h"

#include "report/wording.h"

#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::ContractResult;

namespace {

int urgency(ContractResult::State state)
{
    return state == ContractResult::State::Broken ? 0
           : state == ContractResult::State::Open ? 1
                                                  : 2;
}

QString stateText(ContractResult::State state)
{
    switch (state) {
    case ContractResult::State::Kept: return ContractModel::tr("✔ kept");
    case ContractResult::State::Broken: return ContractModel::tr("✖ broken");
    case ContractResult::State::Open: break;
    }
    return ContractModel::tr("? open");
}

} // namespace

ContractModel::ContractModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void ContractModel::setResult(const ContractResult &result)
{
    beginResetModel();
    m_clauses = result.clauses;
    std::stable_sort(m_clauses.begin(), m_clauses.end(), [](const auto &a, const auto &b) {
        return urgency(a.state) < urgency(b.state);
    });
    endResetModel();
}

const ContractResult::Clause *ContractModel::clauseAt(const QModelIndex &index) const
{
    return index.isValid() && index.model() == this ? &m_clauses[index.row()] : nullptr;
}

int ContractModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_clauses.size());
}

int ContractModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ContractModel::text(const ContractResult::Clause &clause, int column)
{
    switch (column) {
    case State: return stateText(clause.state);
    case Place: return Report::placeName(clause.container);
    case Operation:
        if (clause.operation.isEmpty())
            return {};
        return clause.must ? tr("must %1").arg(clause.operation)
                           : tr("must not %1").arg(clause.operation);
    default: return clause.why;
    }
}

QVariant ContractModel::data(const QModelIndex &index, int role) const
{
    const ContractResult::Clause *clause = clauseAt(index);
    if (!clause)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*clause, index.column());
    case Qt::ToolTipRole: return text(*clause, index.column()).toHtmlEscaped();
    case StateRole: return static_cast<int>(clause->state);
    default: return {};
    }
}

QVariant ContractModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State: return tr("Contract");
    case Place: return tr("Where");
    case Operation: return tr("What");
    default: return tr("Why");
    }
}

} // namespace Ui
