#pragma once

#include "identity/expiry.h"

#include <QAbstractTableModel>

namespace Ui {

/// Which credential ends when: the first to end first, those whose end nobody said last.
class ExpiryModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Ends, Principal, Environment, Left, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole, ///< the principal's id
        DayRole,               ///< the day on which it ends, in UTC; invalid where unknown
        StateRole,             ///< Identity::Expiry::State
    };
    static constexpr std::chrono::hours soon{24 * 30};

    explicit ExpiryModel(QObject *parent = nullptr);

    void setPrincipals(const QList<Identity::ServicePrincipal> &principals, const QDateTime &now);
    const QList<Identity::Expiry> &entries() const { return m_entries; }
    /// How many have ended, or do so soon.
    int pressing() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Identity::Expiry &entry, int column) const;

    QList<Identity::Expiry> m_entries;
    QDateTime m_now;
};

} // namespace Ui
