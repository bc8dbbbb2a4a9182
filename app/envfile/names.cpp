#include "envfile/names.h"

#include <QStringDecoder>
#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

bool isLetter(char c)
{
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isDigitFirst(QByteArrayView name)
{
    return !name.isEmpty() && isDigit(name.front());
}

// QString::fromUtf8() drops a byte order mark.
QString exactText(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    return decoder.decode(bytes);
}

bool consistsOf(QByteArrayView name, bool (*allowed)(char))
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), allowed);
}

bool isWordCharacter(char c)
{
    return isLetter(c) || isDigit(c) || c == '.' || c == '-';
}

// The byte order mark and the word that may stand before a name.
qsizetype prefixOf(QByteArrayView name)
{
    const qsizetype mark = name.startsWith(QByteArrayView("\xEF\xBB\xBF")) ? 3 : 0;
    qsizetype end = mark;
    if (name.sliced(mark).startsWith(QByteArrayView("export ")))
        for (end += 7; end < name.size() && name[end] == ' ';)
            ++end;
    return end;
}

} // namespace

QString shownName(QByteArrayView name)
{
    constexpr qsizetype longest = 48;
    const qsizetype prefix = prefixOf(name);
    const QByteArrayView rest = name.sliced(prefix);
    const auto end = std::find_if_not(rest.begin(), rest.end(), isWordCharacter);
    const qsizetype fits = isDigitFirst(rest) ? 0 : std::distance(rest.begin(), end);
    if (!rest.isEmpty() && fits == rest.size() && fits <= longest)
        return exactText(name);
    const qsizetype kept = rest.startsWith(QByteArrayView("AZURE_")) ? longest : 3;
    return exactText(name.first(prefix + std::min(fits, kept))) + u'…';
}

QString identifierFault(QByteArrayView name)
{
    const bool fits = consistsOf(name, [](char c) { return isLetter(c) || isDigit(c); }) &&
                      !isDigit(name.front());
    return fits ? QString()
                : u"must consist of letters, digits and “_”, and not begin with a digit"_s;
}

QString dottedFault(QByteArrayView name)
{
    const bool fits = consistsOf(name, isWordCharacter) && isLetter(name.front());
    return fits
               ? QString()
               : u"must begin with a letter or “_”, followed by letters, digits, “_”, “.” and “-”"_s;
}

QString wordFault(QByteArrayView name)
{
    return consistsOf(name, isWordCharacter)
               ? QString()
               : u"must consist of letters, digits, “_”, “.” and “-”"_s;
}

QString fileNameFault(QByteArrayView name)
{
    if (name.size() > 255)
        return u"must be a file name, so at most 255 bytes"_s;
    return consistsOf(name, isWordCharacter) && name.front() != '.'
               ? QString()
               : u"must be a file name of letters, digits, “_”, “-” and “.” that does not begin with “.”"_s;
}

QString visibleFault(QByteArrayView name)
{
    const auto allowed = [](char c) { return c > 0x20 && c < 0x7F && c != '='; };
    return consistsOf(name, allowed) && name.front() != '#'
               ? QString()
               : u"must consist of visible ASCII without “=”, and not begin with “#”"_s;
}

} // namespace EnvFile
