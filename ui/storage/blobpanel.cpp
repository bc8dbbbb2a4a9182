#include "ui/storage/blobpanel.h"

#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"
#include "storage/localname.h"
#include "ui/storage/blobdetails.h"
#include "ui/storage/blobpreview.h"
#include "ui/storage/deletedialog.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

BlobPanel::BlobPanel(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    m_properties = plainLabel({}, this);
    m_properties->setObjectName(u"blobProperties"_s);
    m_error = new ErrorPanel(this);
    m_preview = new BlobPreview(this);
    m_details = new BlobDetails(services, this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 0);
    layout->addWidget(m_properties);
    layout->addWidget(makeBar());
    layout->addWidget(m_error);
    layout->addWidget(m_details);
    layout->addWidget(m_preview);
    connect(m_details, &BlobDetails::finished, this, [this] {
        setBusy({});
        m_status->clear();
    });
    connect(m_details, &BlobDetails::failed, this, [this](const Error &error) {
        m_more->setChecked(false);
        fail(error);
    });
    setBlob({});
}

BlobPanel::~BlobPanel() = default;

QWidget *BlobPanel::makeBar()
{
    auto *bar = new QWidget(this);
    m_read = new QPushButton(tr("Preview"), bar);
    m_read->setObjectName(u"previewButton"_s);
    m_read->setToolTip(tr("Reads the beginning of the blob"));
    auto *download = new QPushButton(tr("Download …"), bar);
    download->setObjectName(u"downloadButton"_s);
    m_more = new QPushButton(tr("Properties"), bar);
    m_more->setObjectName(u"detailsButton"_s);
    m_more->setCheckable(true);
    m_more->setToolTip(tr("Reads all properties, metadata and tags"));
    auto *remove = new QPushButton(tr("Delete …"), bar);
    remove->setObjectName(u"deleteButton"_s);
    m_cancel = new QPushButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelBlobButton"_s);
    m_status = quietLabel({}, bar);
    m_status->setObjectName(u"blobStatus"_s);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *one :
         std::initializer_list<QWidget *>{m_read, m_more, download, remove, m_cancel})
        layout->addWidget(one);
    layout->addWidget(m_status, 1);
    connect(m_read, &QPushButton::clicked, this, &BlobPanel::preview);
    connect(download, &QPushButton::clicked, this, &BlobPanel::askWhereTo);
    connect(m_more, &QPushButton::toggled, this, &BlobPanel::showDetails);
    connect(remove, &QPushButton::clicked, this, &BlobPanel::askToDelete);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_work.reset();
        m_more->setChecked(false);
        setBusy({});
        m_status->setText(tr("Cancelled."));
    });
    return bar;
}

void BlobPanel::setBlob(const Blob &blob)
{
    m_work.reset();
    m_blob = blob;
    m_error->clear();
    m_status->clear();
    m_preview->clear();
    m_more->setChecked(false);
    QStringList facts;
    for (const auto &[label, value] : blob.properties)
        facts.append(label + u": "_s + value);
    m_properties->setText(facts.join(u"   ·   "_s));
    setBusy({});
    setVisible(!blob.name.isEmpty());
}

void BlobPanel::setBusy(const QString &words)
{
    m_cancel->setVisible(!words.isEmpty());
    m_read->setEnabled(words.isEmpty());
    m_more->setEnabled(words.isEmpty());
    if (!words.isEmpty())
        m_status->setText(words);
}

void BlobPanel::fail(const Error &error)
{
    setBusy({});
    m_status->clear();
    m_error->setError(error);
}

void BlobPanel::preview()
{
    m_more->setChecked(false);
    m_error->clear();
    setBusy(tr("Reading …"));
    m_work = std::make_unique<QObject>();
    const auto read = [this](const Result<Services::SignedIn> &session) {
        if (!session)
            return fail(session.error());
        Storage::BlobClient client(m_services.transport, m_services.clock,
                                   {m_blob.account, session->cloud.trust});
        client.get(session->token, m_blob.container, m_blob.name, BlobPreview::wanted(m_blob.bytes),
                   m_work.get(), [this](const Result<QByteArray> &bytes) {
                       if (!bytes)
                           return fail(bytes.error());
                       setBusy({});
                       showPreview(*bytes);
                   });
    };
    Services::signIn(m_services, m_blob.principal, u"storage"_s, m_work.get(), read);
}

void BlobPanel::showPreview(const QByteArray &bytes)
{
    m_status->setText(m_preview->showBytes(bytes, m_blob.bytes));
}

void BlobPanel::showDetails(bool wanted)
{
    m_details->clearAll();
    if (!wanted)
        return;
    m_error->clear();
    m_preview->clear(); // there is room for one of them
    setBusy(tr("Reading …"));
    m_details->read(m_blob);
}

void BlobPanel::askToDelete()
{
    auto *dialog = new DeleteDialog(m_services, m_blob, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DeleteDialog::deleted, this, &BlobPanel::deleted);
    dialog->open();
}

void BlobPanel::askWhereTo()
{
    auto *dialog = new QFileDialog(this, tr("Download a blob"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before it replaces a file
    dialog->selectFile(Storage::localFileName(m_blob.name));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, blob = m_blob](const QString &path) { emit downloadChosen(blob, path); });
    dialog->open();
}

} // namespace Ui
