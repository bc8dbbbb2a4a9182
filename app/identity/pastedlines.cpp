#include "envfile/readers/readers.h"
#include "identity/pastedgroups.h"

#include <QRegularExpression>
#include <array>

namespace Identity {

using namespace Qt::StringLiterals;

namespace {

enum class Dialect { Plain, Shell, Fish, PowerShell, Windows };

struct Line
{
    Dialect dialect = Dialect::Plain;
    QStringView rest; ///< without what the dialect puts before the name
};

bool takeWord(QStringView &text, QStringView word)
{
    if (!text.startsWith(word, Qt::CaseInsensitive))
        return false;
    text = text.sliced(word.size()).trimmed();
    return true;
}

Line dialectOf(QStringView text)
{
    text = text.trimmed();
    if (text.startsWith(u"- "))
        text = text.sliced(2).trimmed();
    for (const QStringView word : {u"export ", u"declare -x ", u"typeset -x ", u"readonly "}) {
        if (takeWord(text, word))
            return {Dialect::Shell, text};
    }
    for (const QStringView word : {u"set -gx ", u"set -Ux ", u"set -x ", u"set --export ", u"set -gx"}) {
        if (takeWord(text, word))
            return {Dialect::Fish, text};
    }
    if (takeWord(text, u"$env:"))
        return {Dialect::PowerShell, text};
    for (const QStringView word : {u"@set ", u"setx ", u"set "}) {
        if (takeWord(text, word))
            return {Dialect::Windows, text};
    }
    for (const QStringView word : {u"Environment=", u"ENV ", u"ARG "}) {
        if (takeWord(text, word))
            return {Dialect::Plain, text};
    }
    return {Dialect::Plain, text};
}

using Reader = EnvFile::Reading (*)(QByteArrayView);

// What a consumer's reader makes of one assignment. Nothing where it refuses or expands something.
std::optional<QString> readBy(Reader reader, const QByteArray &assignment)
{
    const EnvFile::Reading reading = reader(assignment);
    const EnvFile::ReadVariable *found = reading.find("X");
    if (!reading.refusal.isEmpty() || !found || !found->certain)
        return std::nullopt;
    return QString::fromUtf8(found->value.reveal());
}

// A quoted or escaped text, read by the readers of the dialect. They must agree.
std::optional<QString> readQuoted(Dialect dialect, const QString &raw)
{
    const QByteArray text = raw.toUtf8();
    switch (dialect) {
    case Dialect::Shell: return readBy(EnvFile::readShell, "export X=" + text + '\n');
    case Dialect::Fish: return readBy(EnvFile::readFish, "set -gx X " + text + '\n');
    case Dialect::PowerShell: return readBy(EnvFile::readPowerShell, "$env:X = " + text + "\r\n");
    case Dialect::Windows: return std::nullopt;
    case Dialect::Plain: break;
    }
    std::optional<QString> value;
    const std::array readers{std::pair<Reader, QByteArray>{EnvFile::readPythonDotenv, "X="},
                             std::pair<Reader, QByteArray>{EnvFile::readSystemd, "X="},
                             std::pair<Reader, QByteArray>{EnvFile::readShell, "export X="}};
    for (const auto &[reader, name] : readers) {
        const std::optional<QString> read = readBy(reader, name + text + '\n');
        if (!read || (value && *value != *read))
            return std::nullopt;
        value = read;
    }
    return value;
}

const QString s_unclosed = u"has a quote that does not end on its line."_s;
const QString s_unclear = u"is quoted in a way that programs read differently. Put the value in single quotes."_s;

qsizetype closingQuote(QStringView text, QChar quote)
{
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (text[i] == u'\\' && quote == u'"')
            ++i;
        else if (text[i] == quote)
            return i;
    }
    return -1;
}

void setQuoted(PastedValue &value, Dialect dialect, const QString &raw)
{
    static const QRegularExpression nothingElse(u"\\A\\s*[;,)]*\\s*(?:#.*|//.*)?\\z"_s);
    const QChar quote = raw.front();
    const QChar closing = quote == QChar(0x201C) ? QChar(0x201D) : quote == QChar(0x2018) ? QChar(0x2019) : quote;
    const qsizetype end = closingQuote(raw, closing);
    if (end < 0) {
        value.problem = s_unclosed;
        return;
    }
    const QString inside = raw.mid(1, end - 1);
    const bool plain = !inside.contains(u'\\') && !(quote == u'"' && (inside.contains(u'$') || inside.contains(u'`')));
    if (plain && nothingElse.match(raw.mid(end + 1)).hasMatch()) {
        value.value = inside;
        return;
    }
    const std::optional<QString> read = readQuoted(dialect, raw);
    if (read)
        value.value = *read;
    else if (!referenceKind(inside).isEmpty())
        value.value = inside;
    else
        value.problem = inside.contains(u'$') || inside.contains(u'`')
            ? u"depends on a variable or a command. Give the value itself, in single quotes."_s
            : s_unclear;
}

void setBare(PastedValue &value, Dialect dialect, QString raw)
{
    static const QRegularExpression comment(u"\\s+(?:#|//).*\\z"_s);
    static const QRegularExpression special(u"[\\\\'\"$`]"_s);
    raw.remove(comment);
    raw = raw.trimmed();
    if (dialect != Dialect::Plain) {
        while (raw.endsWith(u';'))
            raw.chop(1);
    } else if (raw.endsWith(u',') && value.is.field != CredentialField::Secret) {
        raw.chop(1);
    }
    if (dialect == Dialect::Shell && special.match(raw).hasMatch() && referenceKind(raw).isEmpty()) {
        const std::optional<QString> read = readQuoted(dialect, raw);
        if (read)
            value.value = *read;
        else
            value.problem = s_unclear;
        return;
    }
    value.value = raw;
    if (value.is.field == CredentialField::Secret && raw.contains(QRegularExpression(u"\\s"_s)) && referenceKind(raw).isEmpty())
        value.problem = u"has white space inside. If that belongs to it, put the value in single quotes."_s;
}

void setValue(PastedValue &value, Dialect dialect, QStringView text)
{
    static constexpr QStringView quotes = u"\"'`\u201C\u2018";
    const QString raw = text.trimmed().toString();
    if (raw.startsWith(u'#') && !text.startsWith(u'#'))
        return; // a comment behind an empty value
    if (!raw.isEmpty() && quotes.contains(raw.front()))
        setQuoted(value, dialect, raw);
    else
        setBare(value, dialect, raw);
}

// The words of a command line such as `docker run -e NAME=value -e OTHER="value"`. Nothing where a quote does not end.
std::optional<QStringList> wordsOf(QStringView text)
{
    QStringList words;
    QString word;
    QChar quote;
    bool inWord = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
            else if (c == u'\\' && quote == u'"' && i + 1 < text.size() && QStringView(u"\"\\$`").contains(text[i + 1]))
                word += text[++i];
            else
                word += c;
        } else if (c == u'"' || c == u'\'') {
            quote = c;
            inWord = true;
        } else if (c == u'\\' && i + 1 < text.size()) {
            word += text[++i];
            inWord = true;
        } else if (c.isSpace() || c == u';') {
            if (inWord)
                words.append(std::exchange(word, {}));
            inWord = false;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (!quote.isNull())
        return std::nullopt;
    if (inWord)
        words.append(word);
    return words;
}

// The assignments of a line that has several, or has them behind a command.
PastedGroup severalOf(QStringView line)
{
    static const QRegularExpression start(u"(?:^|[\\s;\"'])([A-Za-z_][A-Za-z0-9_]*)="_s);
    const QString text = line.toString();
    int known = 0;
    bool first = true;
    bool behind = false;
    for (auto it = start.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        if (credentialName(match.capturedView(1))) {
            ++known;
            behind |= first && match.capturedStart(1) > 1;
            first = false;
        }
    }
    if (known == 0 || (known == 1 && !behind))
        return {};
    PastedGroup values;
    const std::optional<QStringList> words = wordsOf(line);
    for (const QString &word : words.value_or(QStringList())) {
        const qsizetype equals = word.indexOf(u'=');
        const auto name = equals > 0 ? credentialName(QStringView(word).first(equals)) : std::nullopt;
        if (name)
            values.append({word.first(equals), *name, word.mid(equals + 1), {}});
    }
    return values;
}

std::optional<PastedValue> oneOf(const Line &line)
{
    static const QRegularExpression assignment(
        u"\\A[\"']?([A-Za-z_][A-Za-z0-9_.-]*)[\"']?\\s*(?:=>|:=|=|:(?=\\s|\\z|[\"']))(.*)\\z"_s);
    static const QRegularExpression spaced(u"\\A([A-Za-z_][A-Za-z0-9_]*)\\s+(.*)\\z"_s);
    static const QRegularExpression label(u"\\A([A-Za-z][A-Za-z0-9 _()-]{0,60}?)\\s*(?:[:=]|\\t|\\s{2,})(.*)\\z"_s);
    const QString text = line.rest.toString();
    QList<const QRegularExpression *> forms{&assignment};
    if (line.dialect == Dialect::Fish || line.dialect == Dialect::Windows)
        forms.append(&spaced);
    if (line.dialect == Dialect::Plain)
        forms.append(&label);
    for (const QRegularExpression *form : std::as_const(forms)) {
        const QRegularExpressionMatch match = form->match(text);
        const auto name = match.hasMatch() ? credentialName(match.capturedView(1)) : std::nullopt;
        if (!name)
            continue;
        PastedValue value{match.captured(1), *name, {}, {}};
        setValue(value, line.dialect, match.capturedView(2));
        return value;
    }
    return std::nullopt;
}

// set "NAME=value" and Environment="NAME=value": the quotes are around the whole assignment.
std::optional<PastedValue> quotedWhole(const Line &line)
{
    static const QRegularExpression form(u"\\A\"([A-Za-z_][A-Za-z0-9_]*)=(.*)\"\\s*;?\\z"_s);
    const QRegularExpressionMatch match = form.match(line.rest.toString());
    const auto name = match.hasMatch() ? credentialName(match.capturedView(1)) : std::nullopt;
    if (!name)
        return std::nullopt;
    PastedValue value{match.captured(1), *name, match.captured(2), {}};
    if (line.dialect == Dialect::Plain && (value.value.contains(u'"') || value.value.contains(u'\\')))
        value.problem = s_unclear;
    return value;
}

bool isComment(QStringView line)
{
    return line.startsWith(u'#') || line.startsWith(u"//") || line.startsWith(u';') || line.startsWith(u"::")
        || line.startsWith(u"rem ", Qt::CaseInsensitive);
}

} // namespace

QList<PastedGroup> groupsOfLines(const QString &text)
{
    static const QRegularExpression section(u"\\A\\[[^\\[\\]=]+\\]\\z"_s);
    QList<PastedGroup> groups{{}};
    for (const QStringView whole : QStringView(text).split(u'\n')) {
        const QStringView trimmed = whole.trimmed();
        if (trimmed.isEmpty() || isComment(trimmed))
            continue;
        if (section.match(trimmed.toString()).hasMatch()) {
            groups.append(PastedGroup());
            continue;
        }
        const Line line = dialectOf(trimmed);
        if (const auto value = quotedWhole(line))
            groups.last().append(*value);
        else if (const PastedGroup values = severalOf(line.rest); !values.isEmpty())
            groups.last() += values;
        else if (const auto one = oneOf(line))
            groups.last().append(*one);
    }
    groups.removeIf([](const PastedGroup &group) { return group.isEmpty(); });
    return groups;
}

QList<PastedGroup> groupsOfTable(const QString &text)
{
    static const QRegularExpression rule(u"\\A-{2,}(?:  +-{2,})+\\z"_s);
    static const QRegularExpression dashes(u"-{2,}"_s);
    const QStringList lines = text.split(u'\n');
    QList<PastedGroup> groups;
    for (qsizetype i = 1; i + 1 < lines.size(); ++i) {
        if (!rule.match(lines[i].trimmed()).hasMatch())
            continue;
        for (qsizetype row = i + 1; row < lines.size() && !lines[row].trimmed().isEmpty(); ++row) {
            PastedGroup group;
            for (auto it = dashes.globalMatch(lines[i]); it.hasNext();) {
                const QRegularExpressionMatch column = it.next();
                const QString name = lines[i - 1].mid(column.capturedStart(), column.capturedLength()).trimmed();
                if (const auto known = credentialName(name))
                    group.append({name, *known, lines[row].mid(column.capturedStart(), column.capturedLength()).trimmed(), {}});
            }
            if (!group.isEmpty())
                groups.append(group);
        }
        break;
    }
    return groups;
}

} // namespace Identity
