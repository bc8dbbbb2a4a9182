#pragma once

#include "http/activitylog.h"

#include <QAbstractTableModel>

namespace Ui {

/// The activity log as a table, newest last.
class ActivityModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Verb, Url, Status, Code, Duration, RequestId, ColumnCount };

    explicit ActivityModel(Http::ActivityLog &log, QObject *parent = nullptr);

    QString curl(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<Http::Activity> m_rows; ///< the log announces a change after it was made; a view must see it as it happens
};

} // namespace Ui
