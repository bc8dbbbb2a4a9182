#include "envfile/readers/readers.h"

#include <array>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

QByteArrayView trimmed(QByteArrayView text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
    while (!text.isEmpty() && blank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && blank(text.back()))
        text.chop(1);
    return text;
}

// As node 20 trims values.
QByteArrayView trimmedSpaces(QByteArrayView text)
{
    while (text.startsWith(' '))
        text = text.sliced(1);
    while (text.endsWith(' '))
        text.chop(1);
    return text;
}

/// nodejs/node, src/node_dotenv.cc, ParseContent(), of version 22; where version 20 differs, the
/// value is not certain.
struct Content
{
    QByteArrayView rest;
    QByteArrayView whole;
    Reading &reading;

    bool afterLoneLine = false; ///< version 20 takes a line without "=" for a part of the next name

    void set(QByteArrayView name, QByteArrayView value, int number, bool certain = true)
    {
        if (afterLoneLine)
            reading.remark(number,
                           u"node 20 takes the line before, which has no “=”, into the name."_s);
        reading.set(name, value, number, certain && !afterLoneLine);
        afterLoneLine = false;
    }

    LineCounter<QByteArrayView> lines{whole};
    std::array<qsizetype, 256> next = nowhere(); ///< where a character stands next, if it was searched

    int line() { return lines.at(rest.data() - whole.data()); }
    qsizetype indexOf(char wanted, qsizetype from = 0)
    {
        const qsizetype begin = rest.data() - whole.data();
        qsizetype &known = next[static_cast<unsigned char>(wanted)];
        if (known < begin + from) {
            const qsizetype found = rest.indexOf(wanted, from);
            known = found < 0 ? whole.size() : begin + found;
        }
        return known == whole.size() ? -1 : known - begin;
    }
    static std::array<qsizetype, 256> nowhere()
    {
        std::array<qsizetype, 256> all;
        all.fill(-1);
        return all;
    }
    void skipLine()
    {
        const qsizetype end = rest.indexOf('\n');
        rest = end < 0 ? QByteArrayView() : trimmed(rest.sliced(end + 1));
    }

    void assign(QByteArrayView name)
    {
        const int number = line();
        const char quote = rest.front();
        if (quote == '"' || quote == '\'' || quote == '`') {
            if (const qsizetype close = indexOf(quote, 1); close > 0)
                return assignQuoted(name, close, number);
            const qsizetype end = rest.indexOf('\n');
            reading.remark(number,
                           u"The quote is never closed, so the line counts as it stands."_s);
            set(name, end < 0 ? rest : rest.first(end), number);
            return skipLine();
        }
        const qsizetype end = rest.indexOf('\n');
        QByteArrayView value = end < 0 ? rest : rest.first(end);
        if (const qsizetype hash = value.indexOf('#'); hash >= 0) {
            reading.remark(number, u"A bare value ends at “#”."_s);
            value = value.first(hash);
        }
        const bool tabs = trimmed(value) != trimmedSpaces(value);
        if (tabs)
            reading.remark(number, u"node 20 keeps the tab at the end, later ones do not."_s);
        set(name, trimmed(value), number, !tabs);
        skipLine();
    }

    void assignQuoted(QByteArrayView name, qsizetype close, int number)
    {
        QByteArray value = rest.sliced(1, close - 1).toByteArray();
        if (rest.front() == '"' && value.contains("\\n")) {
            reading.remark(number, u"“\\n” between double quotes becomes a line feed."_s);
            value.replace("\\n", "\n");
        }
        set(name, value, number);
        rest = rest.sliced(close);
        const qsizetype end = rest.indexOf('\n');
        const QByteArrayView behind = trimmed(rest.sliced(1, (end < 0 ? rest.size() : end) - 1));
        if (!behind.isEmpty() && !behind.startsWith('#'))
            reading.remark(number, u"What stands behind the closing quote is dropped."_s);
        skipLine();
    }
};

} // namespace

Reading readNodeEnvFile(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    QByteArray bytes = text.toByteArray();
    if (bytes.contains('\r'))
        reading.remark(0, u"Every carriage return is removed."_s);
    if (startsWithMark(bytes))
        reading.remark(1, u"The byte order mark becomes part of the first name."_s);
    bytes.replace("\r", "");
    Content content{.rest = trimmed(bytes), .whole = bytes, .reading = reading};
    while (!content.rest.isEmpty()) {
        const qsizetype equals = content.indexOf('=');
        const qsizetype end = content.rest.indexOf('\n');
        if (content.rest.front() == '#' || equals < 0 || (end >= 0 && equals > end)) {
            content.afterLoneLine = content.rest.front() != '#';
            content.skipLine();
            continue;
        }
        QByteArrayView name = trimmed(content.rest.first(equals));
        content.rest = content.rest.sliced(equals + 1);
        if (name.startsWith(QByteArrayView("export ")))
            name = trimmed(name.sliced(7));
        if (name.isEmpty()) {
            reading.remark(content.line(), u"An assignment without a name ends the reading."_s);
            break;
        }
        if (content.rest.isEmpty() || content.rest.front() == '\n') {
            content.set(name, {}, content.line());
            content.skipLine();
            continue;
        }
        content.rest = trimmed(content.rest);
        if (content.rest.isEmpty())
            content.set(name, {}, content.lines.at(bytes.size()));
        else
            content.assign(name);
    }
    Core::wipe(bytes);
    return reading;
}

} // namespace EnvFile
