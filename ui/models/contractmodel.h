#pragma once

#include "access/contract.h"

#include <QAbstractTableModel>

namespace Ui {

/// The clauses of a contract as they were found: what is broken first, then what is open, then what
/// is kept.
class ContractModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { State, Place, Operation, Why, ColumnCount };
    enum Roles {
        StateRole = Qt::UserRole, ///< int of Access::ContractResult::State
    };

    explicit ContractModel(QObject *parent = nullptr);

    void setResult(const Access::ContractResult &result);
    /// Nothing where \a index is none.
    const Access::ContractResult::Clause *clauseAt(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static QString text(const Access::ContractResult::Clause &clause, int column);

    QList<Access::ContractResult::Clause> m_clauses;
};

} // namespace Ui
