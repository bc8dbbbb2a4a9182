#include "ui/models/driftmodel.h"

#include "access/smallestfix.h"
#include "report/wording.h"

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Change;
using Access::Observation;

namespace {

QString outcome(Observation observation)
{
    switch (observation) {
    case Observation::Allowed: return DriftModel::tr("✔ allowed");
    case Observation::Denied: return DriftModel::tr("✖ denied");
    case Observation::Undecided: return DriftModel::tr("? undecided");
    case Observation::NotAsked:
    case Observation::Running:
    case Observation::Skipped: break;
    }
    return DriftModel::tr("· not there");
}

QString text(const Change &change, int column)
{
    switch (column) {
    case DriftModel::Place: return Report::placeName(change.container);
    case DriftModel::Operation: return Access::operationInWords(change.operation);
    case DriftModel::Before: return outcome(change.before);
    default: return outcome(change.after);
    }
}

} // namespace

DriftModel::DriftModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void DriftModel::setChanges(const QList<Change> &changes)
{
    beginResetModel();
    m_changes = changes;
    endResetModel();
}

const Change *DriftModel::changeAt(const QModelIndex &index) const
{
    return index.isValid() && index.model() == this ? &m_changes[index.row()] : nullptr;
}

int DriftModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

int DriftModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DriftModel::data(const QModelIndex &index, int role) const
{
    const Change *change = changeAt(index);
    if (!change)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*change, index.column());
    case Qt::ToolTipRole: return text(*change, index.column()).toHtmlEscaped();
    default: return {};
    }
}

QVariant DriftModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Place: return tr("Where");
    case Operation: return tr("What");
    case Before: return tr("Before");
    default: return tr("Now");
    }
}

} // namespace Ui
