#include "ui/models/accessmatrixmodel.h"

#include "report/wording.h"

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::Probe;

namespace {

bool applies(const Probe &probe, int row)
{
    return (probe.level == Probe::Level::Account) == (row == 0);
}

QString markOf(Observation observation)
{
    switch (observation) {
    case Observation::Allowed: return u"✔"_s;
    case Observation::Denied: return u"✖"_s;
    case Observation::Undecided: return u"?"_s;
    case Observation::Running: return u"⟳"_s;
    case Observation::NotAsked:
    case Observation::Skipped: break;
    }
    return u"·"_s;
}

QString wordOf(Access::ContractResult::State state)
{
    switch (state) {
    case Access::ContractResult::State::Kept: return AccessMatrixModel::tr("contract kept");
    case Access::ContractResult::State::Broken: return AccessMatrixModel::tr("contract broken");
    case Access::ContractResult::State::Open: break;
    }
    return AccessMatrixModel::tr("contract open");
}

// For those who look; a screen reader need not spell it.
QString evidenceOf(const Cell &cell)
{
    const QString answer = QString(Report::statusText(cell) + u' ' + cell.evidence.code).trimmed();
    return cell.evidence.status == 0 ? QString() : u" ("_s + answer + u')';
}

// Where both say the same there is nothing to add.
QString predictionOf(const Cell &cell)
{
    const bool decided =
        cell.observed == Observation::Allowed || cell.observed == Observation::Denied;
    if (!cell.predictionKnown || (decided && !Report::differs(cell)))
        return {};
    switch (cell.predicted) {
    case Access::Decision::Allowed: return AccessMatrixModel::tr(", roles predict allowed");
    case Access::Decision::Denied: return AccessMatrixModel::tr(", roles predict denied");
    case Access::Decision::Undecided: break;
    }
    return AccessMatrixModel::tr(", roles leave it open");
}

QString wordOf(Observation observation)
{
    switch (observation) {
    case Observation::Allowed: return AccessMatrixModel::tr("allowed");
    case Observation::Denied: return AccessMatrixModel::tr("denied");
    case Observation::Undecided: return AccessMatrixModel::tr("undecided");
    case Observation::Running: return AccessMatrixModel::tr("being asked");
    case Observation::Skipped: return AccessMatrixModel::tr("skipped");
    case Observation::NotAsked: break;
    }
    return AccessMatrixModel::tr("not asked");
}

} // namespace

AccessMatrixModel::AccessMatrixModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    setContainers({});
}

void AccessMatrixModel::setContainers(const QStringList &containers)
{
    beginResetModel();
    m_containers = containers;
    m_rowOf = {{QString(), 0}};
    for (int i = 0; i < containers.size(); ++i)
        m_rowOf.insert(containers[i], i + 1);
    const auto columns = static_cast<size_t>(columnCount());
    m_cells.assign(columns * (static_cast<size_t>(containers.size()) + 1), Cell());
    for (size_t i = 0; i < m_cells.size(); ++i) {
        const Probe &probe = Access::defaultProbes()[static_cast<qsizetype>(i % columns)];
        m_cells[i].container = container(static_cast<int>(i / columns));
        m_cells[i].operation = probe.operation;
        m_cells[i].permission = probe.permission.action;
    }
    endResetModel();
}

QModelIndex AccessMatrixModel::indexOf(const QString &name, const QString &operation) const
{
    const int row = m_rowOf.value(name, -1);
    for (int column = 0; row >= 0 && column < columnCount(); ++column) {
        const Probe &probe = Access::defaultProbes()[column];
        if (probe.operation == operation && applies(probe, row))
            return index(row, column);
    }
    return {};
}

void AccessMatrixModel::setCell(const Cell &cell)
{
    const QModelIndex at = indexOf(cell.container, cell.operation);
    if (!at.isValid())
        return;
    m_cells[static_cast<size_t>(at.row() * columnCount() + at.column())] = cell;
    emit dataChanged(at, at);
}

void AccessMatrixModel::setReport(const Access::AccessReport &report)
{
    if (report.containers() != m_containers)
        setContainers(report.containers());
    for (const Cell &cell : report.cells) {
        if (const QModelIndex at = indexOf(cell.container, cell.operation); at.isValid())
            m_cells[static_cast<size_t>(at.row() * columnCount() + at.column())] = cell;
    }
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void AccessMatrixModel::setContract(const std::optional<Access::ContractResult> &result)
{
    m_clauses.clear();
    if (result) {
        for (const Access::ContractResult::Clause &clause : result->clauses)
            m_clauses.insert({clause.container, clause.operation}, clause.state);
    }
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const Cell *AccessMatrixModel::cellAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.model() != this ||
        !applies(Access::defaultProbes()[index.column()], index.row()))
        return nullptr;
    return &m_cells[static_cast<size_t>(index.row() * columnCount() + index.column())];
}

int AccessMatrixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_containers.size()) + 1;
}

int AccessMatrixModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(Access::defaultProbes().size());
}

QVariant AccessMatrixModel::data(const QModelIndex &index, int role) const
{
    const Cell *cell = cellAt(index);
    if (role == AppliesRole)
        return cell != nullptr;
    if (!cell)
        return {};
    switch (role) {
    case ObservationRole: return static_cast<int>(cell->observed);
    case MarkRole: return markOf(cell->observed);
    case Qt::TextAlignmentRole: return static_cast<int>(Qt::AlignCenter);
    case DiffersRole: return Report::differs(*cell);
    case ClauseRole: {
        const auto clause = m_clauses.constFind({cell->container, cell->operation});
        return clause == m_clauses.cend() ? QVariant() : QVariant(static_cast<int>(*clause));
    }
    case Qt::AccessibleTextRole: return spokenAt(index);
    case Qt::ToolTipRole: return QString(spokenAt(index) + evidenceOf(*cell)).toHtmlEscaped();
    case Qt::AccessibleDescriptionRole: return cell->permission;
    default: return {};
    }
}

QVariant AccessMatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        const QString name = section == 0 ? tr("(account)") : m_containers.value(section - 1);
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return name;
        return role == Qt::ToolTipRole ? QVariant(name.toHtmlEscaped()) : QVariant();
    }
    const Probe &probe = Access::defaultProbes()[section];
    switch (role) {
    case Qt::DisplayRole: return probe.title;
    case GroupRole: return probe.group;
    case Qt::ToolTipRole:
        return tr("%1 — measured by %2 %3; harmless because %4")
            .arg(probe.permission.action, QString::fromLatin1(probe.verb), probe.path,
                 probe.harmless)
            .toHtmlEscaped();
    default: return {};
    }
}

QString AccessMatrixModel::spoken(const Probe &probe, const Cell &cell)
{
    const QString where = cell.container.isEmpty() ? tr("account") : cell.container;
    return tr("%1, %2 %3: %4")
               .arg(where, probe.title, probe.group.toLower(), wordOf(cell.observed)) +
           predictionOf(cell);
}

QString AccessMatrixModel::spokenAt(const QModelIndex &index) const
{
    const Cell *cell = cellAt(index);
    const QString text = spoken(Access::defaultProbes()[index.column()], *cell);
    const QVariant clause = data(index, ClauseRole);
    return clause.isValid()
               ? text + u", "_s + wordOf(static_cast<Access::ContractResult::State>(clause.toInt()))
               : text;
}

} // namespace Ui
