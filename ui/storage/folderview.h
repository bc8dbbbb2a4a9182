#pragma once

#include "storage/bloblisting.h"
#include "ui/storage/blob.h"

#include <QWidget>
#include <memory>

class QLineEdit;
class QModelIndex;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace Ui {

class BlobListModel;
class ElidedLabel;

/// One folder of a container: its folders and blobs as they come, filtered and sorted.
class FolderView final : public QWidget
{
    Q_OBJECT
public:
    explicit FolderView(QWidget *parent = nullptr);

    void clear();
    /// Begins anew with the names below \a prefix; of the same folder the current row stays current.
    void begin(const QString &container, const QString &prefix);
    void append(const std::shared_ptr<const Storage::BlobListing> &rows);
    void clearFilter();
    QString prefix() const { return m_prefix; }

signals:
    void folderChosen(const QString &prefix);
    void uploadChosen();
    /// What the listing says of it; without a name where nothing, or a folder, is current.
    void blobChosen(const Ui::Blob &blob);

private:
    void makeTable();
    void activate(const QModelIndex &index);
    void choose(const QModelIndex &index);

    QString m_container, m_prefix;
    QString m_stays; ///< the name that becomes current when it comes
    BlobListModel *m_blobs;
    QSortFilterProxyModel *m_filtered;
    QTableView *m_table;
    QLineEdit *m_filter;
    ElidedLabel *m_path;
    QPushButton *m_up;
    QPushButton *m_upload;
};

} // namespace Ui
