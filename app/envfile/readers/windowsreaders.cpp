#include "envfile/names.h"
#include "envfile/readers/readers.h"

#include <QRegularExpression>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

QByteArray withoutDoubled(QByteArrayView text, char c)
{
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == c && i + 1 < text.size() && text[i + 1] == c)
            ++i;
    }
    return out;
}

// %NAME% is replaced by the variable, %% is one percent sign.
QByteArray percents(QByteArrayView text, bool *certain)
{
    QByteArray pairsGone = text.toByteArray();
    pairsGone.replace("%%", "");
    *certain = !pairsGone.contains('%');
    return withoutDoubled(text, '%');
}

void readSet(const QByteArray &line, int number, Reading &reading)
{
    static const QRegularExpression form(u"\\A@?set\\s+(\"?)([A-Za-z_][A-Za-z0-9_]*)=(.*)\\z"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(line)); // bytes stay bytes
    if (!match.hasMatch()) {
        reading.remark(number, u"This is no “set NAME=value”."_s);
        return;
    }
    QByteArray value = match.captured(3).toLatin1();
    if (const qsizetype close = value.lastIndexOf('"'); !match.captured(1).isEmpty() && close >= 0)
        value.truncate(close);
    else if (value.startsWith('"'))
        reading.remark(number, u"The quotes become part of the value; write set \"NAME=value\"."_s);
    bool certain = true;
    value = percents(value, &certain);
    if (!certain)
        reading.remark(number, u"%NAME% is replaced; %% is one percent sign."_s);
    if (value.isEmpty())
        reading.remark(number, u"An empty value removes the variable."_s);
    else
        reading.set(match.captured(2).toLatin1(), value, number, certain);
}

bool isQuote(QChar c) // PowerShell's CharTraits.cs
{
    return c == u'\'' || (c.unicode() >= 0x2018 && c.unicode() <= 0x201B);
}

// '…' with a doubled quote for one; what follows the closing quote comes back in *rest.
bool singleQuoted(const QString &text, QString *value, QString *rest)
{
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (isQuote(text[i]) && i + 1 < text.size() && isQuote(text[i + 1])) {
            ++i;
        } else if (isQuote(text[i])) {
            *rest = text.mid(i + 1);
            return true;
        }
        *value += text[i];
    }
    return false;
}

void readAssignment(const QString &name, const QString &right, int line, Reading &reading)
{
    static const QRegularExpression base64(
        u"\\A\\[Text\\.Encoding\\]::UTF8\\.GetString\\(\\[Convert\\]::FromBase64String\\('([A-Za-z0-9+/=]*)'\\)\\)\\s*\\z"_s);
    QString value, rest;
    if (const auto match = base64.match(right); match.hasMatch())
        return reading.set(name.toUtf8(), QByteArray::fromBase64(match.captured(1).toLatin1()),
                           line);
    if (!right.isEmpty() && isQuote(right[0]) && singleQuoted(right, &value, &rest) &&
        rest.trimmed().isEmpty())
        return reading.set(name.toUtf8(), value.toUtf8(), line);
    static const QRegularExpression plain(u"\\A\"([^\"`$]*)\"\\s*\\z"_s);
    if (const auto match = plain.match(right); match.hasMatch())
        return reading.set(name.toUtf8(), match.captured(1).toUtf8(), line);
    reading.remark(
        line, u"%1: an expression that PowerShell would evaluate."_s.arg(shownName(name.toUtf8())));
    reading.set(name.toUtf8(), {}, line, false);
}

} // namespace

Reading readWindowsBatch(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    int number = 0;
    for (QByteArray line : text.toByteArray().split('\n')) {
        ++number;
        if (line.endsWith('\r'))
            line.chop(1);
        if (const QByteArray plain = line.trimmed();
            !plain.isEmpty() && !plain.startsWith("::") && !plain.startsWith("@echo"))
            readSet(line, number, reading);
    }
    return reading;
}

Reading readPowerShell(QByteArrayView text)
{
    static const QRegularExpression form(
        u"\\A\\s*\\$env:([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)\\z"_s,
        QRegularExpression::CaseInsensitiveOption);
    Reading reading = Reading::of(text);
    int number = 0;
    for (const QString &line : QString::fromUtf8(text).split(u'\n')) {
        ++number;
        const QString plain = line.trimmed();
        if (plain.isEmpty() || plain.startsWith(u'#'))
            continue;
        if (const auto match = form.match(plain); match.hasMatch())
            readAssignment(match.captured(1), match.captured(2), number, reading);
        else
            reading.remark(number, u"This is no $env:NAME = '…'."_s);
    }
    return reading;
}

} // namespace EnvFile
