#pragma once

#include "access/smallestfix.h"

#include <QAbstractTableModel>
#include <QList>

namespace Ui {

/// Changes of role assignments that would mend what was chosen, the one with the least side effects
/// first.
class FixModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Change, Role, Place, Effect, ColumnCount };
    enum Roles {
        CommandRole = Qt::UserRole, ///< the az command line of a row
    };

    /// A row: one change.
    struct Suggestion
    {
        QString change; ///< "Assign", "Drop"
        QString role;
        QString scope;  ///< resource ID
        QString effect; ///< "would also allow: delete blobs"
        QString command;
        bool operator==(const Suggestion &) const = default;
    };

    explicit FixModel(QObject *parent = nullptr);

    void setSuggestions(const QList<Suggestion> &suggestions);
    static QList<Suggestion> suggestions(const QList<Access::Fix> &fixes);
    static QList<Suggestion> suggestions(const QList<Access::OverGrant> &overGrants);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Suggestion &suggestion, int column) const;

    QList<Suggestion> m_suggestions;
};

} // namespace Ui
