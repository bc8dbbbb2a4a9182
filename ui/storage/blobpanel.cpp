#include "ui/storage/blobpanel.h"

#include "core/atomicfile.h"
#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"
#include "storage/localname.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QBuffer>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImageReader>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringDecoder>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

// A cut may go through a character; what is no text fails elsewhere.
std::optional<QString> asText(QByteArray bytes, bool cut)
{
    if (bytes.contains('\0'))
        return std::nullopt;
    for (int chopped = 0; chopped < 4; ++chopped) {
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString text = decoder.decode(bytes);
        if (!decoder.hasError())
            return text;
        if (!cut || bytes.isEmpty())
            break;
        bytes.chop(1);
    }
    return std::nullopt;
}

} // namespace

BlobPanel::BlobPanel(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    m_properties = plainLabel({}, this);
    m_properties->setObjectName(u"blobProperties"_s);
    m_error = new ErrorPanel(this);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"blobText"_s);
    m_text->setAccessibleName(tr("The blob's text"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setMaximumHeight(fontMetrics().lineSpacing() * 12);
    m_image = new QLabel(this);
    m_image->setObjectName(u"blobImage"_s);
    m_image->setAccessibleName(tr("The blob's image"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 0);
    layout->addWidget(m_properties);
    layout->addWidget(makeBar());
    layout->addWidget(m_error);
    layout->addWidget(m_text);
    layout->addWidget(m_image);
    setBlob({});
}

BlobPanel::~BlobPanel() = default;

QWidget *BlobPanel::makeBar()
{
    auto *bar = new QWidget(this);
    m_preview = new QPushButton(tr("Preview"), bar);
    m_preview->setObjectName(u"previewButton"_s);
    m_preview->setToolTip(tr("Reads the beginning of the blob"));
    m_download = new QPushButton(tr("Download …"), bar);
    m_download->setObjectName(u"downloadButton"_s);
    m_cancel = new QPushButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelBlobButton"_s);
    m_status = quietLabel({}, bar);
    m_status->setObjectName(u"blobStatus"_s);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *one : std::initializer_list<QWidget *>{m_preview, m_download, m_cancel})
        layout->addWidget(one);
    layout->addWidget(m_status, 1);
    connect(m_preview, &QPushButton::clicked, this, &BlobPanel::preview);
    connect(m_download, &QPushButton::clicked, this, &BlobPanel::askWhereTo);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_work.reset();
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
    m_text->hide();
    m_image->hide();
    m_properties->setText(blob.properties);
    setBusy({});
    setVisible(!blob.name.isEmpty());
}

void BlobPanel::setBusy(const QString &words)
{
    const bool busy = !words.isEmpty();
    m_cancel->setVisible(busy);
    m_preview->setEnabled(!busy);
    m_download->setEnabled(!busy);
    if (busy)
        m_status->setText(words);
}

void BlobPanel::fail(const Error &error)
{
    setBusy({});
    m_status->clear();
    m_error->setError(error);
}

void BlobPanel::fetch(qint64 limit, const QString &words,
                      std::function<void(const QByteArray &)> then)
{
    m_error->clear();
    setBusy(words);
    m_work = std::make_unique<QObject>();
    const auto read = [this, limit, then](const Result<Services::SignedIn> &session) {
        if (!session)
            return fail(session.error());
        Storage::BlobClient client(m_services.transport, m_services.clock,
                                   {m_blob.account, session->cloud.trust});
        client.get(session->token, m_blob.container, m_blob.name, limit, m_work.get(),
                   [this, then](const Result<QByteArray> &bytes) {
                       if (!bytes)
                           return fail(bytes.error());
                       setBusy({});
                       m_status->clear();
                       then(*bytes);
                   });
    };
    Services::signIn(m_services, m_blob.principal, u"storage"_s, m_work.get(), read);
}

void BlobPanel::preview()
{
    const bool whole = m_blob.bytes >= 0 && m_blob.bytes <= largestImage;
    fetch(whole ? largestImage : longestText, tr("Reading …"),
          [this](const QByteArray &bytes) { showPreview(bytes); });
}

void BlobPanel::showPreview(const QByteArray &bytes)
{
    m_text->hide();
    m_image->hide();
    if (bytes.isEmpty())
        return m_status->setText(tr("The blob is empty."));
    if (showImage(bytes))
        return;
    const bool cut = bytes.size() > longestText || m_blob.bytes > bytes.size();
    const auto text = asText(bytes.first(std::min<qsizetype>(bytes.size(), longestText)), cut);
    if (!text)
        return m_status->setText(tr("It is neither UTF-8 text nor an image that is shown here."));
    m_text->setPlainText(*text);
    m_text->show();
    m_status->setText(cut ? tr("The first %1 KiB of it.").arg(longestText / 1024) : QString());
}

// What comes from outside is decoded by the few simple readers only, and not into gigabytes.
bool BlobPanel::showImage(const QByteArray &bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    static const QList<QByteArray> readable{"png", "jpeg", "gif", "bmp"};
    if (!readable.contains(reader.format()))
        return false;
    const QSize size = reader.size();
    if (!size.isValid() || size.width() > 8192 || size.height() > 8192)
        return false;
    const QSize room(640, 320);
    if (size.width() > room.width() || size.height() > room.height())
        reader.setScaledSize(size.scaled(room, Qt::KeepAspectRatio).expandedTo({1, 1}));
    const QImage image = reader.read();
    if (image.isNull())
        return false;
    m_image->setPixmap(QPixmap::fromImage(image));
    m_image->show();
    m_status->setText(tr("An image of %1 × %2.").arg(size.width()).arg(size.height()));
    return true;
}

void BlobPanel::askWhereTo()
{
    if (m_blob.bytes > largestDownload)
        return fail(
            {.kind = Error::Kind::InvalidInput,
             .message = tr("It is larger than what is downloaded here (%1 MiB).")
                            .arg(largestDownload / 1024 / 1024),
             .nextStep = tr("Download it with: az storage blob download --auth-mode login")});
    auto *dialog = new QFileDialog(this, tr("Download a blob"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before it replaces a file
    dialog->selectFile(Storage::localFileName(m_blob.name));
    connect(dialog, &QFileDialog::fileSelected, this, &BlobPanel::download);
    dialog->open();
}

void BlobPanel::download(const QString &path)
{
    fetch(largestDownload, tr("Downloading …"), [this, path](const QByteArray &bytes) {
        if (m_blob.bytes >= 0 && bytes.size() != m_blob.bytes)
            return fail({.kind = Error::Kind::Conflict,
                         .message = tr("The blob has changed meanwhile; nothing was saved."),
                         .nextStep = tr("List its folder again.")});
        const auto written = Core::writeFileAtomically(path, bytes);
        if (!written)
            return fail(written.error());
        m_status->setText(
            tr("Saved to %1, readable by you only.").arg(QDir::toNativeSeparators(path)));
    });
}

} // namespace Ui
