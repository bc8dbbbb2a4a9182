#include "identity/pastedtext.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace Identity {

using namespace Qt::StringLiterals;

namespace {

// Reads one value as shells and env files write it: quoted with escapes, or bare up to a comment.
QString unquoted(const QString &raw)
{
    const QString text = raw.trimmed();
    if (text.isEmpty())
        return text;
    const QChar quote = text.front();
    if (quote != u'"' && quote != u'\'' && quote != u'`') {
        const qsizetype comment = text.indexOf(QRegularExpression(u"\\s#"_s));
        return (comment < 0 ? text : text.left(comment)).trimmed();
    }
    QString value;
    for (qsizetype i = 1; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == quote) {
            // '' inside PowerShell's single quotes, and '\'' inside a shell's, are one quote.
            if (quote == u'\'' && text.mid(i, 2) == u"''")
                ++i;
            else if (quote == u'\'' && text.mid(i, 4) == u"'\\''")
                i += 3;
            else
                return value;
        } else if (c == u'\\' && quote == u'"' && i + 1 < text.size()
                   && QStringView(u"\"\\$`").contains(text[i + 1])) {
            ++i;
        }
        value += text[i];
    }
    return text; // the quote was never closed: leave it for the lint to show
}

} // namespace

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

    static const QRegularExpression noise(u"^\\s*(```.*|WARNING:.*|The output includes credentials.*)$"_s,
                                          QRegularExpression::MultilineOption);
    result.text.remove(noise);
    result.text = result.text.trimmed();
    return result;
}

QHash<QString, QString> assignments(const QString &text, QStringList *repeated)
{
    static const QRegularExpression line(
        u"^\\s*(?:-\\s+)?(?:export\\s+|set\\s+-gx\\s+|setx?\\s+\"?|\\$env:|Environment=\"?|declare\\s+-x\\s+)?"
        "([A-Za-z_][A-Za-z0-9_]*)\\s*(?:=|:\\s|\\s)\\s*(.*?)\\s*;?\\s*$"_s,
        QRegularExpression::MultilineOption);
    QHash<QString, QString> found;
    for (auto it = line.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString name = match.captured(1).toUpper();
        if (!name.startsWith(u"AZURE_") && !name.startsWith(u"ARM_") && !name.startsWith(u"AZCOPY_"))
            continue;
        QString value = unquoted(match.captured(2));
        // set "NAME=value" and Environment="NAME=value" close a quote that was opened before the name.
        const QString whole = match.captured(0);
        if ((whole.contains(u"set \""_s) || whole.contains(u"Environment=\""_s)) && value.endsWith(u'"'))
            value.chop(1);
        if (repeated && found.contains(name) && found[name] != value && !repeated->contains(name))
            repeated->append(name);
        found.insert(name, value);
    }
    return found;
}

QHash<QString, QString> labelledValues(const QString &text)
{
    static const QList<std::pair<QRegularExpression, QString>> labels = [] {
        const auto label = [](const QString &words) {
            return QRegularExpression(u"^\\s*\"?(?:%1)\"?\\s*[:=\\t]\\s*(.+?)\\s*,?\\s*$"_s.arg(words),
                                      QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
        };
        return QList<std::pair<QRegularExpression, QString>>{
            {label(u"(?:directory\\s*\\(tenant\\)|tenant|directory)[\\s_-]*(?:id)?|tenantId"_s), u"tenant"_s},
            {label(u"(?:application\\s*\\(client\\)|client|application|app)[\\s_-]*id|appId|clientId"_s), u"clientId"_s},
            {label(u"(?:client|app)[\\s_-]*secret(?:[\\s_-]*value)?|secret|password|value|secret[\\s_-]*value"_s), u"secret"_s},
            {label(u"display\\s*name|name"_s), u"name"_s},
        };
    }();
    QHash<QString, QString> found;
    for (const auto &[expression, key] : labels) {
        if (const QRegularExpressionMatch match = expression.match(text); match.hasMatch())
            found.insert(key, unquoted(match.captured(1)));
    }
    return found;
}

} // namespace Identity
