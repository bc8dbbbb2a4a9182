#pragma once

#include "access/isolation.h"

#include <QAbstractTableModel>

namespace Ui {

/// Each principal (a row) at each account (a column): kept apart, reached, or open.
class IsolationModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        StateRole =
            Qt::UserRole, ///< int of Access::Isolation::State; invalid where nothing was asked yet
        OwnRole,          ///< bool: allowed is wanted here
    };

    explicit IsolationModel(QObject *parent = nullptr);

    /// Begins anew.
    void setIsolation(const Access::Isolation &isolation);
    /// What is known by now of the pair at \a index of \a isolation.
    void updatePair(const Access::Isolation &isolation, qsizetype index);
    const Access::Isolation &isolation() const { return m_isolation; }
    /// "orders-api at proddata: …", whole; empty where \a index is none.
    QString sentence(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const Access::Isolation::Pair *pairAt(const QModelIndex &index) const;

    Access::Isolation m_isolation;
};

} // namespace Ui
