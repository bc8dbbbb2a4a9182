#include "ui/storage/storagepage.h"

#include "azure/storageaccount.h"
#include "services/services.h"
#include "storage/blobclient.h"
#include "ui/models/bloblistmodel.h"
#include "ui/storage/blobpanel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStringListModel>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Storage::BlobListing;
using Storage::RowKind;

namespace {

QString entries(qint64 count)
{
    return count == 1 ? StoragePage::tr("1 entry") : StoragePage::tr("%1 entries").arg(count);
}

} // namespace

StoragePage::StoragePage(Services::Services &services, QWidget *parent) : QWidget(parent), m_services(services)
{
    m_containers = new QStringListModel(this);
    m_blobs = new BlobListModel(this);
    m_filtered = new QSortFilterProxyModel(this);
    m_filtered->setSourceModel(m_blobs);
    m_filtered->setFilterKeyColumn(BlobListModel::Name);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setSortRole(BlobListModel::SortRole);
    m_error = new ErrorPanel(this);
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"storageStatus"_s);

    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    layout->addWidget(m_error);
    splitter->addWidget(makeContainers());
    splitter->addWidget(makeBlobs());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({fontMetrics().averageCharWidth() * 26, 1000});
    layout->addWidget(splitter, 1);
    layout->addWidget(m_status);
    setBusy({});
}

StoragePage::~StoragePage() = default;

QWidget *StoragePage::makeBar()
{
    auto *bar = new QWidget(this);
    m_account = new QComboBox(bar);
    m_account->setObjectName(u"storageAccountField"_s);
    m_account->setAccessibleName(tr("Storage account"));
    m_account->setEditable(true);
    m_account->setInsertPolicy(QComboBox::NoInsert);
    m_account->lineEdit()->setAccessibleName(m_account->accessibleName());
    m_account->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_open = new QPushButton(tr("Browse"), bar);
    m_open->setObjectName(u"browseButton"_s);
    m_cancel = new QPushButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelBrowseButton"_s);
    auto *label = new QLabel(tr("Acc&ount"), bar);
    label->setBuddy(m_account);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_account, 1);
    layout->addWidget(m_open);
    layout->addWidget(m_cancel);
    connect(m_open, &QPushButton::clicked, this, &StoragePage::browse);
    connect(m_account->lineEdit(), &QLineEdit::returnPressed, this, &StoragePage::browse);
    connect(m_cancel, &QPushButton::clicked, this, &StoragePage::cancel);
    return bar;
}

QWidget *StoragePage::makeContainers()
{
    auto *pane = new QWidget(this);
    m_containerList = new QListView(pane);
    m_containerList->setObjectName(u"containerList"_s);
    m_containerList->setAccessibleName(tr("Containers"));
    m_containerList->setModel(m_containers);
    m_containerList->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_containerList->setTextElideMode(Qt::ElideMiddle);
    m_containerList->setSpacing(2);
    m_containerName = new QLineEdit(pane);
    m_containerName->setObjectName(u"containerNameField"_s);
    m_containerName->setAccessibleName(tr("Open a container by name"));
    m_containerName->setPlaceholderText(tr("Open by name"));
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_containerList, 1);
    layout->addWidget(m_containerName);
    connect(m_containerList->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            openContainer(current.data().toString());
    });
    connect(m_containerName, &QLineEdit::returnPressed, this, [this] {
        if (!m_containerName->text().trimmed().isEmpty())
            openContainer(m_containerName->text().trimmed());
    });
    return pane;
}

QWidget *StoragePage::makeBlobs()
{
    auto *pane = new QWidget(this);
    m_up = new QPushButton(tr("Up"), pane);
    m_up->setObjectName(u"folderUpButton"_s);
    m_path = new ElidedLabel(pane);
    m_path->setObjectName(u"blobPath"_s);
    m_filter = new QLineEdit(pane);
    m_filter->setObjectName(u"blobFilter"_s);
    m_filter->setAccessibleName(tr("Filter names"));
    m_filter->setPlaceholderText(tr("Filter names"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(220);
    m_table = new QTableView(pane);
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
    m_table->setColumnWidth(BlobListModel::Modified, fontMetrics().horizontalAdvance(u"0000-00-00 00:00"_s) + 28);
    m_blob = new BlobPanel(m_services, pane);

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_up);
    bar->addWidget(m_path, 1);
    bar->addWidget(m_filter);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_blob);
    connect(m_up, &QPushButton::clicked, this, [this] { openFolder(m_prefix.left(m_prefix.chopped(1).lastIndexOf(u'/') + 1)); });
    connect(m_filter, &QLineEdit::textChanged, m_filtered, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_table, &QTableView::activated, this, &StoragePage::activate);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &StoragePage::showProperties);
    // Sorting a long listing costs; it happens only when asked for.
    m_table->horizontalHeader()->setSectionsClickable(true);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        const bool ascending = m_filtered->sortColumn() != column || m_filtered->sortOrder() == Qt::DescendingOrder;
        m_filtered->sort(column, ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
    });
    return pane;
}

void StoragePage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal.id == m_principal.id;
    m_principal = principal;
    const QString typed = m_account->currentText();
    m_account->clear();
    for (const QUrl &account : principal.accounts)
        m_account->addItem(account.toString());
    if (same) {
        m_account->setCurrentText(typed);
        return;
    }
    m_work.reset();
    m_run = nullptr;
    m_containers->setStringList({});
    m_blobs->reset({});
    m_container.clear();
    m_path->setText({});
    m_error->clear();
    m_blob->setBlob({});
    m_account->setCurrentIndex(m_account->count() > 0 ? 0 : -1);
    setBusy({});
    m_status->setText(tr("Browse reads names and properties only."));
}

void StoragePage::browse()
{
    m_error->clear();
    const auto cloud = Identity::Cloud::load(m_principal.cloud);
    if (!cloud)
        return m_error->setError(cloud.error());
    const auto account = Azure::parseAccountUrl(m_account->currentText(), cloud->storageSuffix, cloud->trust.plainLoopback);
    if (!account)
        return m_error->setError(account.error());
    m_accountUrl = *account;
    m_containers->setStringList({});
    m_blobs->reset({});
    m_container.clear();
    run({}, {}, [this](const std::shared_ptr<const BlobListing> &rows) {
        QStringList names = m_containers->stringList();
        for (qsizetype row = 0; row < rows->size(); ++row)
            names.append(rows->name(row));
        m_containers->setStringList(names);
    });
    emit accountUsed(*account);
}

void StoragePage::openContainer(const QString &name)
{
    m_container = name;
    m_filter->clear();
    openFolder({});
}

void StoragePage::openFolder(const QString &prefix)
{
    if (m_container.isEmpty())
        return;
    m_error->clear();
    m_prefix = prefix;
    m_blob->setBlob({});
    static_cast<ElidedLabel *>(m_path)->setFullText(m_container + u" / "_s + m_prefix);
    m_up->setEnabled(!m_prefix.isEmpty());
    m_filtered->sort(-1);
    m_blobs->reset(prefix);
    run(m_container, prefix, [this](const std::shared_ptr<const BlobListing> &rows) { m_blobs->append(rows); });
}

void StoragePage::run(const QString &container, const QString &prefix,
                      std::function<void(std::shared_ptr<const BlobListing>)> batch)
{
    m_work = std::make_unique<QObject>();
    m_run = nullptr;
    setBusy(container.isEmpty() ? tr("Listing containers …") : tr("Listing %1 …").arg(container));
    const auto failed = [this](const Core::Error &error) {
        m_run = nullptr;
        setBusy({});
        m_status->clear();
        m_error->setError(error);
    };
    Services::signIn(m_services, m_principal, u"storage"_s, m_work.get(), [=, this](const Core::Result<Services::SignedIn> &session) {
        if (!session)
            return failed(session.error());
        Storage::BlobClient client(m_services.transport, m_services.clock, {m_accountUrl, session->cloud.trust});
        const Storage::ListOptions options{.prefix = prefix, .delimiter = container.isEmpty() ? QString() : u"/"_s};
        m_run = container.isEmpty() ? client.listContainers(session->token, options, m_work.get())
                                    : client.listBlobs(session->token, container, options, m_work.get());
        connect(m_run, &Storage::ListRun::batch, this, [this, batch](const auto &rows) {
            batch(rows);
            m_status->setText(tr("%1 so far …").arg(entries(m_run ? m_run->rows() : 0)));
        });
        connect(m_run, &Storage::ListRun::failed, this, failed);
        connect(m_run, &Storage::ListRun::finished, this, [this](bool complete) {
            const qint64 count = m_run ? m_run->rows() : 0;
            m_run = nullptr;
            setBusy({});
            m_status->setText(complete ? entries(count) : tr("Stopped after %1.").arg(entries(count)));
        });
        m_run->start();
    });
}

void StoragePage::cancel()
{
    if (m_run) {
        m_run->cancel();
    } else {
        m_work.reset();
        setBusy({});
        m_status->setText(tr("Cancelled."));
    }
}

void StoragePage::setBusy(const QString &what)
{
    m_cancel->setVisible(!what.isEmpty());
    m_open->setEnabled(what.isEmpty());
    m_up->setEnabled(!m_prefix.isEmpty());
    if (!what.isEmpty())
        m_status->setText(what);
}

void StoragePage::activate(const QModelIndex &index)
{
    if (index.data(BlobListModel::KindRole).toInt() == static_cast<int>(RowKind::Prefix))
        openFolder(index.data(BlobListModel::FullNameRole).toString());
}

void StoragePage::showProperties(const QModelIndex &index)
{
    QStringList lines;
    const QModelIndex row = m_filtered->mapToSource(index);
    const auto properties = m_blobs->properties(row);
    for (const auto &[label, value] : properties)
        lines.append(label + u": "_s + value);
    if (!index.isValid() || index.data(BlobListModel::KindRole).toInt() != static_cast<int>(RowKind::Blob))
        return m_blob->setBlob({});
    bool known = false;
    const qint64 bytes = row.siblingAtColumn(BlobListModel::Size).data(BlobListModel::SortRole).toLongLong(&known);
    m_blob->setBlob({m_principal, m_accountUrl, m_container, index.data(BlobListModel::FullNameRole).toString(), known ? bytes : -1,
                     lines.join(u"   ·   "_s)});
}

} // namespace Ui
