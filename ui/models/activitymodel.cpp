#include "ui/models/activitymodel.h"

namespace Ui {

using namespace Qt::StringLiterals;
using Http::Activity;

ActivityModel::ActivityModel(Http::ActivityLog &log, QObject *parent) : QAbstractTableModel(parent), m_rows(log.entries())
{
    connect(&log, &Http::ActivityLog::added, this, [this](const Activity &activity) {
        beginInsertRows({}, rowCount(), rowCount());
        m_rows.push_back(activity);
        endInsertRows();
    });
    connect(&log, &Http::ActivityLog::dropped, this, [this](int count) {
        beginRemoveRows({}, 0, count - 1);
        m_rows.erase(m_rows.begin(), m_rows.begin() + count);
        endRemoveRows();
    });
    connect(&log, &Http::ActivityLog::cleared, this, [this] {
        beginResetModel();
        m_rows.clear();
        endResetModel();
    });
}

QString ActivityModel::curl(const QModelIndex &index) const
{
    return index.isValid() ? m_rows[static_cast<size_t>(index.row())].curl() : QString();
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Activity &one = m_rows[static_cast<size_t>(index.row())];
    if (role == Qt::ToolTipRole && index.column() == Url)
        return one.url.toString(QUrl::FullyEncoded).toHtmlEscaped();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time: return one.at.toLocalTime().toString(u"hh:mm:ss.zzz"_s);
    case Verb: return QString::fromLatin1(one.verb);
    case Url: return one.url.toString(QUrl::FullyEncoded);
    case Status: return one.status > 0 ? QVariant(one.status) : QVariant(tr("none"));
    case Code: return one.error;
    case Duration: return tr("%1 ms").arg(one.elapsed.count());
    case RequestId: return QString::fromLatin1(one.requestId);
    default: return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time");
    case Verb: return tr("Verb");
    case Url: return tr("URL");
    case Status: return tr("Status");
    case Code: return tr("Code");
    case Duration: return tr("Took");
    case RequestId: return tr("Request ID");
    default: return {};
    }
}

} // namespace Ui
