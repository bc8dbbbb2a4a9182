#include "ui/storage/blobpreview.h"

#include <QBuffer>
#include <QImageReader>
#include <QLabel>
#include <QPlainTextEdit>
#include <QStringDecoder>
#include <QVBoxLayout>
#include <optional>

namespace Ui {

using namespace Qt::StringLiterals;

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

BlobPreview::BlobPreview(QWidget *parent)
    : QWidget(parent)
{
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
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(m_image);
    clear();
}

qint64 BlobPreview::wanted(qint64 blobBytes)
{
    return blobBytes >= 0 && blobBytes <= largestImage ? largestImage : longestText;
}

void BlobPreview::clear()
{
    m_text->hide();
    m_image->hide();
    hide();
}

QString BlobPreview::showBytes(const QByteArray &bytes, qint64 blobBytes)
{
    clear();
    if (bytes.isEmpty())
        return tr("The blob is empty.");
    if (const QString words = showImage(bytes); !words.isEmpty())
        return words;
    const bool cut = bytes.size() > longestText || blobBytes > bytes.size();
    const auto text = asText(bytes.first(std::min<qsizetype>(bytes.size(), longestText)), cut);
    if (!text)
        return tr("It is neither UTF-8 text nor an image that is shown here.");
    m_text->setPlainText(*text);
    m_text->show();
    show();
    return cut ? tr("The first %1 KiB of it.").arg(longestText / 1024) : QString();
}

// What comes from outside is decoded by the few simple readers only, and not into gigabytes.
QString BlobPreview::showImage(const QByteArray &bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    static const QList<QByteArray> readable{"png", "jpeg", "gif", "bmp"};
    if (!readable.contains(reader.format()))
        return {};
    const QSize size = reader.size();
    if (!size.isValid() || size.width() > 8192 || size.height() > 8192)
        return {};
    const QSize room(640, 320);
    if (size.width() > room.width() || size.height() > room.height())
        reader.setScaledSize(size.scaled(room, Qt::KeepAspectRatio).expandedTo({1, 1}));
    const QImage image = reader.read();
    if (image.isNull())
        return {};
    m_image->setPixmap(QPixmap::fromImage(image));
    m_image->show();
    show();
    return tr("An image of %1 × %2.").arg(size.width()).arg(size.height());
}

} // namespace Ui
