#pragma once

#include "access/accessreport.h"
#include "access/contract.h"
#include "access/probeplan.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QPair>
#include <QStringList>
#include <vector>

namespace Ui {

/// The access matrix: the account's row first, then a row per container; a column per probe. A
/// probe that does not concern a row leaves its cell empty (Applies is false).
class AccessMatrixModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        ObservationRole = Qt::UserRole, ///< int of Access::Observation
        AppliesRole,                    ///< bool
        GroupRole,                      ///< of a column: "Account", "Container", "Blob"
        MarkRole,                       ///< "✔", "✖", "?", "·", "⟳" or ""
        DiffersRole,                    ///< bool: the roles predict other than what was observed
        ClauseRole, ///< int of Access::ContractResult::State; invalid where no contract says
                    ///< anything
    };

    explicit AccessMatrixModel(QObject *parent = nullptr);

    /// Begins anew with these rows, nothing asked yet.
    void setContainers(const QStringList &containers);
    void setCell(const Access::Cell &cell);
    /// All cells at once, with what the roles predict of them.
    void setReport(const Access::AccessReport &report);
    /// What a contract says of the cells; nothing takes it away.
    void setContract(const std::optional<Access::ContractResult> &result);
    /// Nothing where the probe does not concern the row.
    const Access::Cell *cellAt(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &container, const QString &operation) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// "audit-log, write blob: denied, roles predict allowed" — how a cell reads aloud.
    static QString spoken(const Access::Probe &probe, const Access::Cell &cell);

private:
    QString spokenAt(const QModelIndex &index) const;
    QString container(int row) const { return row == 0 ? QString() : m_containers[row - 1]; }

    QStringList m_containers;
    QHash<QString, int> m_rowOf;
    std::vector<Access::Cell> m_cells; ///< row by row, a cell per column
    QHash<QPair<QString, QString>, Access::ContractResult::State>
        m_clauses; ///< by container and operation
};

} // namespace Ui
