#pragma once

#include "identity/serviceprincipal.h"

#include <QAbstractItemModel>
#include <QDateTime>
#include <QHash>
#include <QList>
#include <QSet>

namespace Ui {

/// The principals grouped by environment: environments at the top, principals below them.
class PrincipalModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole, ///< the principal's id; empty for an environment
        EnvironmentRole,       ///< the environment's word
        BadgeRole,             ///< "removal unfinished", days to expiry ("23d"), "expired", or empty; "⟳" before it while a
                               ///< rotation is not ended
        TroubleRole,           ///< a Trouble
    };
    enum Trouble { NoTrouble, EndsSoon, Ended }; ///< soon: within 30 days, or a rotation not ended

    explicit PrincipalModel(QObject *parent = nullptr);

    /// \a now decides what the expiry badges say; \a rotating are the IDs of those whose rotation has not ended;
    /// \a removals says, by ID, why a removal has not been finished.
    void setPrincipals(const QList<Identity::ServicePrincipal> &principals, const QDateTime &now, const QSet<QString> &rotating = {},
                       const QHash<QString, QString> &removals = {});
    const Identity::ServicePrincipal *principalAt(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &id) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Group {
        Identity::Environment environment;
        QList<Identity::ServicePrincipal> principals;
    };
    QString spoken(const Identity::ServicePrincipal &principal) const;
    QString badge(const Identity::ServicePrincipal &principal) const;
    int trouble(const Identity::ServicePrincipal &principal) const;

    QList<Group> m_groups;
    QDateTime m_now;
    QSet<QString> m_rotating;
    QHash<QString, QString> m_removals;
};

} // namespace Ui
