#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QStringList>
#include <vector>

namespace Ui {

/// The access matrix: the account's row first, then a row per container; a column per probe. A probe that does not concern a row leaves
/// its cell empty (Applies is false).
class AccessMatrixModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        ObservationRole = Qt::UserRole, ///< int of Access::Observation
        AppliesRole,                    ///< bool
        GroupRole,                      ///< of a column: "Account", "Container", "Blob"
        MarkRole,                       ///< "✔", "✖", "?", "·", "⟳" or ""
    };

    explicit AccessMatrixModel(QObject *parent = nullptr);

    /// Begins anew with these rows, nothing asked yet.
    void setContainers(const QStringList &containers);
    void setCell(const Access::Cell &cell);
    /// Nothing where the probe does not concern the row.
    const Access::Cell *cellAt(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &container, const QString &operation) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// "audit-log, write blob: denied" — how a cell reads aloud.
    static QString spoken(const Access::Probe &probe, const Access::Cell &cell);

private:
    QString container(int row) const { return row == 0 ? QString() : m_containers[row - 1]; }

    QStringList m_containers;
    QHash<QString, int> m_rowOf;
    std::vector<Access::Cell> m_cells; ///< row by row, a cell per column
};

} // namespace Ui
