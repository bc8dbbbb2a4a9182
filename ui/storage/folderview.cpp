#include "ui/storage/folderview.h"

#include "ui/models/bloblistmodel.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Storage::RowKind;

FolderView::FolderView(QWidget *parent)
    : QWidget(parent)
{
    m_blobs = new BlobListModel(this);
    m_filtered = new QSortFilterProxyModel(this);
    m_filtered->setSourceModel(m_blobs);
    m_filtered->setFilterKeyColumn(BlobListModel::Name);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setSortRole(BlobListModel::SortRole);
    m_up = new QPushButton(tr("Up"), this);
    m_up->setObjectName(u"folderUpButton"_s);
    m_up->setEnabled(false);
    m_upload = new QPushButton(tr("Upload …"), this);
    m_upload->setObjectName(u"uploadButton"_s);
    m_upload->setEnabled(false);
    m_path = new ElidedLabel(this);
    m_path->setObjectName(u"blobPath"_s);
    m_filter = new QLineEdit(this);
    m_filter->setObjectName(u"blobFilter"_s);
    m_filter->setAccessibleName(tr("Filter names"));
    m_filter->setPlaceholderText(tr("Filter names"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(220);
    makeTable();

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_up);
    bar->addWidget(m_path, 1);
    bar->addWidget(m_filter);
    bar->addWidget(m_upload);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    connect(m_up, &QPushButton::clicked, this, [this] {
        emit folderChosen(m_prefix.left(m_prefix.chopped(1).lastIndexOf(u'/') + 1));
    });
    connect(m_filter, &QLineEdit::textChanged, m_filtered,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_upload, &QPushButton::clicked, this, &FolderView::uploadChosen);
    connect(m_table, &QTableView::activated, this, &FolderView::activate);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FolderView::choose);
    // Sorting a long listing costs; it happens only when asked for.
    m_table->horizontalHeader()->setSectionsClickable(true);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        const bool ascending =
            m_filtered->sortColumn() != column || m_filtered->sortOrder() == Qt::DescendingOrder;
        m_filtered->sort(column, ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
    });
}

void FolderView::makeTable()
{
    m_table = new QTableView(this);
    m_table->setObjectName(u"blobTable"_s);
    m_table->setAccessibleName(tr("Folders and blobs"));
    m_table->setModel(m_filtered);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_table->horizontalHeader()->setSectionResizeMode(BlobListModel::Name, QHeaderView::Stretch);
    m_table->setColumnWidth(BlobListModel::Modified,
                            fontMetrics().horizontalAdvance(u"0000-00-00 00:00"_s) + 28);
}

void FolderView::clear()
{
    m_container.clear();
    m_stays.clear();
    m_prefix.clear();
    m_blobs->reset({});
    m_path->setFullText({});
    m_up->setEnabled(false);
    m_upload->setEnabled(false);
}

void FolderView::begin(const QString &container, const QString &prefix)
{
    const bool same = container == m_container && prefix == m_prefix;
    m_stays = same ? m_table->currentIndex()
                         .siblingAtColumn(0)
                         .data(BlobListModel::FullNameRole)
                         .toString()
                   : QString();
    m_container = container;
    m_prefix = prefix;
    m_path->setFullText(container + u" / "_s + prefix);
    m_up->setEnabled(!prefix.isEmpty());
    m_upload->setEnabled(true);
    m_filtered->sort(-1);
    m_blobs->reset(prefix);
}

void FolderView::append(const std::shared_ptr<const Storage::BlobListing> &rows)
{
    const int before = m_blobs->rowCount();
    m_blobs->append(rows);
    for (int row = before; !m_stays.isEmpty() && row < m_blobs->rowCount(); ++row) {
        const QModelIndex index = m_blobs->index(row, 0);
        if (index.data(BlobListModel::FullNameRole).toString() == m_stays) {
            m_stays.clear();
            m_table->setCurrentIndex(m_filtered->mapFromSource(index));
        }
    }
}

void FolderView::clearFilter()
{
    m_filter->clear();
}

void FolderView::activate(const QModelIndex &index)
{
    if (index.data(BlobListModel::KindRole).toInt() == static_cast<int>(RowKind::Prefix))
        emit folderChosen(index.data(BlobListModel::FullNameRole).toString());
}

void FolderView::choose(const QModelIndex &index)
{
    if (!index.isValid() ||
        index.data(BlobListModel::KindRole).toInt() != static_cast<int>(RowKind::Blob))
        return emit blobChosen({});
    const QModelIndex row = m_filtered->mapToSource(index);
    bool known = false;
    const qint64 bytes =
        row.siblingAtColumn(BlobListModel::Size).data(BlobListModel::SortRole).toLongLong(&known);
    emit blobChosen({.name = row.data(BlobListModel::FullNameRole).toString(),
                     .bytes = known ? bytes : -1,
                     .etag = row.data(BlobListModel::EtagRole).toString(),
                     .properties = m_blobs->properties(row)});
}

} // namespace Ui
