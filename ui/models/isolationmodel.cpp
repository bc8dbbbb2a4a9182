#include "ui/models/isolationmodel.h"

#include "report/grouping.h"
#include "report/wording.h"

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Isolation;

IsolationModel::IsolationModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void IsolationModel::setIsolation(const Isolation &isolation)
{
    beginResetModel();
    m_isolation = isolation;
    endResetModel();
}

void IsolationModel::updatePair(const Isolation &isolation, qsizetype index)
{
    if (isolation.pairs.size() != m_isolation.pairs.size())
        return setIsolation(isolation);
    m_isolation.pairs[index] = isolation.pairs[index];
    const Isolation::Pair &pair = m_isolation.pairs[index];
    const QModelIndex at =
        this->index(static_cast<int>(pair.subject), static_cast<int>(pair.place));
    emit dataChanged(at, at);
}

const Isolation::Pair *IsolationModel::pairAt(const QModelIndex &index) const
{
    return index.isValid() && index.model() == this ? m_isolation.pair(index.row(), index.column())
                                                    : nullptr;
}

QString IsolationModel::sentence(const QModelIndex &index) const
{
    const Isolation::Pair *pair = pairAt(index);
    if (!pair)
        return {};
    const QString who = m_isolation.subjects[pair->subject].name;
    const QString where = Report::accountName(m_isolation.places[pair->place].account);
    return tr("%1 at %2: %3. %4")
        .arg(who, where, Report::isolationWords(pair), pair->why)
        .trimmed();
}

int IsolationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_isolation.subjects.size());
}

int IsolationModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_isolation.places.size());
}

QVariant IsolationModel::data(const QModelIndex &index, int role) const
{
    const Isolation::Pair *pair = pairAt(index);
    if (!pair)
        return {};
    switch (role) {
    case Qt::DisplayRole: return Report::isolationWords(pair);
    case Qt::TextAlignmentRole: return static_cast<int>(Qt::AlignCenter);
    case Qt::AccessibleTextRole: return sentence(index);
    case Qt::ToolTipRole: return sentence(index).toHtmlEscaped();
    case StateRole: return static_cast<int>(pair->state);
    case OwnRole: return pair->own;
    default: return {};
    }
}

QVariant IsolationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section < 0 || section >= (orientation == Qt::Horizontal ? columnCount() : rowCount()))
        return {};
    QString text;
    if (orientation == Qt::Horizontal) {
        text = Report::accountName(m_isolation.places[section].account);
    } else {
        const Isolation::Subject &subject = m_isolation.subjects[section];
        text = subject.environment.isEmpty() ? subject.name
                                             : tr("%1 (%2)").arg(subject.name, subject.environment);
    }
    if (role == Qt::ToolTipRole)
        return text.toHtmlEscaped();
    return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(text) : QVariant();
}

} // namespace Ui
