#include "envfile/encoding.h"

#include "envfile/names.h"

#include <QList>
#include <QStringDecoder>
#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

Error unsupported(QByteArrayView name, const QString &reason, const QString &alternative)
{
    return {.kind = Error::Kind::Unsupported,
            .message = u"%1 %2."_s.arg(shownName(name), reason),
            .code = u"NotRepresentable"_s,
            .nextStep = alternative.isEmpty()
                            ? u"Make a new secret; those of Entra ID fit every format."_s
                            : alternative};
}

QString credentialAlternative()
{
    return u"Use the format systemd-credential, which takes any bytes as a file, or make a new secret."_s;
}

Result<QString> textOf(QByteArrayView name, QByteArrayView value)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    QString text = decoder.decode(value);
    if (decoder.hasError())
        return unsupported(name, u"is not valid UTF-8, so it is no text"_s,
                           credentialAlternative());
    return text;
}

Result<void> refuseLineFeed(QByteArrayView name, QByteArrayView value)
{
    if (!value.contains('\n'))
        return {};
    return unsupported(
        name,
        u"contains a line feed, and this format is one line for each variable without an escape"_s,
        u"Use a format that can hold lines (systemd-envfile, shell, k8s-secret), or hand over a file's path instead."_s);
}

QByteArray escaped(QByteArrayView value, QByteArrayView special)
{
    QByteArray out;
    out.reserve(value.size() + 16);
    for (const char c : value) {
        if (special.contains(c))
            out += '\\';
        out += c;
    }
    return out;
}

QByteArray replaced(QByteArrayView value, QByteArrayView from, QByteArrayView to)
{
    return value.toByteArray().replace(from, to);
}

bool hasNoncharacter(const QString &text)
{
    const QList<uint> codes = text.toUcs4();
    return std::any_of(codes.cbegin(), codes.cend(), [](uint code) {
        return (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
    });
}

bool isPythonSpace(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool isCSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

} // namespace EnvFile
