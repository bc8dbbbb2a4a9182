#pragma once

#include "storage/bloblisting.h"

#include <QAbstractTableModel>
#include <memory>
#include <vector>

namespace Ui {

/// Blobs and folders of one place, batch by batch as they come. Columnar: a row costs what BlobListing keeps of it.
class BlobListModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Size, Modified, Type, Tier, ColumnCount };
    enum Role { FullNameRole = Qt::UserRole, KindRole, SortRole, EtagRole };

    explicit BlobListModel(QObject *parent = nullptr);

    /// Begins anew; names are shown without \a prefix.
    void reset(const QString &prefix);
    void append(std::shared_ptr<const Storage::BlobListing> rows);
    /// What a properties panel shows of a row: pairs of label and value.
    QList<std::pair<QString, QString>> properties(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Batch {
        int first = 0;
        std::shared_ptr<const Storage::BlobListing> rows;
    };
    std::pair<const Storage::BlobListing *, qsizetype> locate(int row) const;

    QString m_prefix;
    std::vector<Batch> m_batches;
    int m_count = 0;
};

} // namespace Ui
