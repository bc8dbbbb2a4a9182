#include "ui/models/bloblistmodel.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Storage::BlobListing;
using Storage::RowKind;

namespace {

QString timeText(std::int64_t ms)
{
    return ms == BlobListing::unknown ? QString() : QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd hh:mm"_s);
}

} // namespace

BlobListModel::BlobListModel(QObject *parent) : QAbstractTableModel(parent) {}

void BlobListModel::reset(const QString &prefix)
{
    beginResetModel();
    m_prefix = prefix;
    m_batches.clear();
    m_count = 0;
    endResetModel();
}

void BlobListModel::append(std::shared_ptr<const BlobListing> rows)
{
    if (rows->size() == 0)
        return;
    const int count = static_cast<int>(rows->size());
    beginInsertRows({}, m_count, m_count + count - 1);
    m_batches.push_back({m_count, std::move(rows)});
    m_count += count;
    endInsertRows();
}

std::pair<const BlobListing *, qsizetype> BlobListModel::locate(int row) const
{
    const auto after = std::upper_bound(m_batches.cbegin(), m_batches.cend(), row, [](int wanted, const Batch &batch) { return wanted < batch.first; });
    const Batch &batch = *std::prev(after);
    return {batch.rows.get(), row - batch.first};
}

int BlobListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int BlobListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BlobListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto [rows, row] = locate(index.row());
    const bool folder = rows->kind(row) == RowKind::Prefix;
    if (role == FullNameRole)
        return rows->name(row);
    if (role == KindRole)
        return static_cast<int>(rows->kind(row));
    if (role == EtagRole)
        return rows->etag(row);
    if (role == Qt::ToolTipRole && index.column() == Name)
        return rows->name(row).toHtmlEscaped();
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == SortRole && index.column() == Size)
        return folder ? qlonglong(-1) : qlonglong(rows->contentLength(row));
    if (role == SortRole && index.column() == Modified)
        return qlonglong(rows->lastModified(row));
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (index.column()) {
    case Name: return rows->name(row).mid(m_prefix.size());
    case Size: return rows->contentLength(row) == BlobListing::unknown ? QString() : QLocale().formattedDataSize(rows->contentLength(row));
    case Modified: return timeText(rows->lastModified(row));
    case Type: return folder ? tr("folder") : rows->contentType(row);
    case Tier: return rows->accessTier(row);
    default: return {};
    }
}

QVariant BlobListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Size: return tr("Size");
    case Modified: return tr("Modified (UTC)");
    case Type: return tr("Type");
    case Tier: return tr("Tier");
    default: return {};
    }
}

QList<std::pair<QString, QString>> BlobListModel::properties(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const auto [rows, row] = locate(index.row());
    QList<std::pair<QString, QString>> list{{tr("Name"), rows->name(row)}};
    const auto add = [&](const QString &label, const QString &value) {
        if (!value.isEmpty())
            list.append({label, value});
    };
    if (rows->kind(row) == RowKind::Prefix) {
        add(tr("Kind"), tr("folder (a common beginning of names)"));
        return list;
    }
    if (rows->contentLength(row) != BlobListing::unknown)
        add(tr("Size"), tr("%1 bytes").arg(QLocale().toString(qlonglong(rows->contentLength(row)))));
    add(tr("Modified"), timeText(rows->lastModified(row)));
    add(tr("Content type"), rows->contentType(row));
    add(tr("Blob type"), rows->blobType(row));
    add(tr("Access tier"), rows->accessTier(row));
    add(tr("ETag"), rows->etag(row));
    const BlobListing::Details details = rows->details(row);
    for (const auto &[key, value] : details)
        add(key, value);
    return list;
}

} // namespace Ui
