#include "ui/storage/storagepage.h"

#include "azure/storageaccount.h"
#include "services/services.h"
#include "storage/blobclient.h"
#include "ui/storage/blobpanel.h"
#include "ui/storage/folderview.h"
#include "ui/storage/transferlist.h"
#include "ui/storage/uploaddialog.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QStringListModel>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Storage::BlobListing;

namespace {

QString entries(qint64 count)
{
    return count == 1 ? StoragePage::tr("1 entry") : StoragePage::tr("%1 entries").arg(count);
}

} // namespace

StoragePage::StoragePage(Services::Services &services, QWidget *parent) : QWidget(parent), m_services(services)
{
    m_containers = new QStringListModel(this);
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
    m_transfers = new TransferList(m_services, this);
    layout->addWidget(m_transfers);
    layout->addWidget(m_status);
    connect(m_blob, &BlobPanel::downloadChosen, m_transfers, &TransferList::download);
    connect(m_transfers, &TransferList::uploaded, this, &StoragePage::changed);
    connect(m_blob, &BlobPanel::deleted, this, [this](const Blob &blob) {
        m_said = tr("Deleted %1/%2.").arg(blob.container, blob.name) + u' ';
        m_status->setText(m_said);
        changed(blob);
    });
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
    m_folder = new FolderView(pane);
    m_blob = new BlobPanel(m_services, pane);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_folder, 1);
    layout->addWidget(m_blob);
    connect(m_folder, &FolderView::folderChosen, this, &StoragePage::openFolder);
    connect(m_folder, &FolderView::uploadChosen, this, &StoragePage::askWhatToUpload);
    connect(m_folder, &FolderView::blobChosen, this, [this](Blob blob) {
        blob.principal = m_principal;
        blob.account = m_accountUrl;
        blob.container = m_container;
        m_blob->setBlob(blob);
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
    m_folder->clear();
    m_container.clear();
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
    m_folder->clear();
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
    m_folder->clearFilter();
    openFolder({});
}

void StoragePage::openFolder(const QString &prefix)
{
    if (m_container.isEmpty())
        return;
    m_error->clear();
    m_blob->setBlob({});
    m_folder->begin(m_container, prefix);
    run(m_container, prefix, [this](const std::shared_ptr<const BlobListing> &rows) { m_folder->append(rows); });
}

void StoragePage::askWhatToUpload()
{
    const Blob target{.principal = m_principal,
                      .account = m_accountUrl,
                      .container = m_container,
                      .name = m_folder->prefix()};
    auto *choice = new QFileDialog(this, tr("Upload a file"));
    choice->setAttribute(Qt::WA_DeleteOnClose);
    choice->setFileMode(QFileDialog::ExistingFile);
    connect(choice, &QFileDialog::fileSelected, this, [this, target](const QString &path) {
        auto *dialog = new UploadDialog(m_services, target, path, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &UploadDialog::confirmed, m_transfers, &TransferList::upload);
        dialog->open();
    });
    choice->open();
}

void StoragePage::changed(const Blob &blob)
{
    const QString folder = blob.name.left(blob.name.lastIndexOf(u'/') + 1);
    if (blob.account == m_accountUrl && blob.container == m_container && folder.startsWith(m_folder->prefix()))
        openFolder(m_folder->prefix());
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
            const QString said = std::exchange(m_said, {});
            m_status->setText(said + (complete ? entries(count) : tr("Stopped after %1.").arg(entries(count))));
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
    if (!what.isEmpty())
        m_status->setText(what);
}

} // namespace Ui
