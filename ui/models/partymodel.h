#pragma once

#include "identity/serviceprincipal.h"

#include <QAbstractTableModel>
#include <QList>
#include <QUrl>

namespace Ui {

/// The principals with the accounts they have worked with: a tick says that the account is the
/// principal's own.
class PartyModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Principal, Environment, Account, ColumnCount };

    struct Party
    {
        Identity::ServicePrincipal principal;
        QUrl account;
        bool own = true;
        bool operator==(const Party &) const = default;
    };

    explicit PartyModel(QObject *parent = nullptr);

    /// Keeps the ticks of those that are still there. A new principal's own account is the first of
    /// its accounts.
    void setPrincipals(const QList<Identity::ServicePrincipal> &principals);
    /// Those with a tick.
    QList<Party> own() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    QList<Party> m_parties;
};

} // namespace Ui
