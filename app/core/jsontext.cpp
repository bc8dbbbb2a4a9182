#include "core/jsontext.h"

#include <QString>
#include <QStringDecoder>

namespace Core {

QByteArray jsonText(const QByteArray &bytes)
{
    std::optional<QStringConverter::Encoding> encoding;
    for (const char16_t first : {u'{', u'['}) {
        if (!encoding)
            encoding = QStringConverter::encodingForData(bytes, first);
    }
    if (!encoding || *encoding == QStringConverter::Utf8)
        return bytes.startsWith("\xEF\xBB\xBF") ? bytes.mid(3) : bytes;
    QStringDecoder decoder(*encoding);
    const QString text = decoder(bytes);
    return text.toUtf8();
}

} // namespace Core
