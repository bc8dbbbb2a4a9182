#include "identity/pastedtext.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace Identity {

using namespace Qt::StringLiterals;

PastedText plainText(QByteArrayView bytes)
{
    PastedText result;
    if (const auto encoding = QStringConverter::encodingForData(bytes)) {
        result.text = QStringDecoder(*encoding).decode(bytes);
        result.notes.append(u"a byte order mark was removed"_s);
    } else {
        result.text = QString::fromUtf8(bytes);
    }
    result.text.remove(QChar(0xFEFF));
    const qsizetype before = result.text.size();
    result.text.removeIf([](QChar c) { return c == QChar(0x200B) || c == QChar(0x2060) || c == QChar(0x00AD); });
    if (result.text.size() != before)
        result.notes.append(u"invisible characters were removed"_s);
    result.text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    result.text.replace(QChar(0x00A0), u' ');

    static const QRegularExpression colours(u"\\x1B(?:\\[[0-9;?]*[A-Za-z]|\\][^\\x07\\x1B]*(?:\\x07|\\x1B\\\\))"_s);
    if (result.text.contains(colours)) {
        result.text.remove(colours);
        result.notes.append(u"the colours of a terminal were removed"_s);
    }
    static const QRegularExpression noise(u"^\\s*(```.*|WARNING:.*|The output includes credentials.*)$"_s,
                                          QRegularExpression::MultilineOption);
    result.text.remove(noise);
    result.text = result.text.trimmed();
    return result;
}

} // namespace Identity
