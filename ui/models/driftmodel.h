#pragma once

#include "access/drift.h"

#include <QAbstractTableModel>

namespace Ui {

/// What changed since an earlier check.
class DriftModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Place, Operation, Before, After, ColumnCount };

    explicit DriftModel(QObject *parent = nullptr);

    void setChanges(const QList<Access::Change> &changes);
    /// Nothing where \a index is none.
    const Access::Change *changeAt(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<Access::Change> m_changes;
};

} // namespace Ui
