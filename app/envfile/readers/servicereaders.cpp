#include "envfile/encoding.h"
#include "envfile/names.h"
#include "envfile/readers/readers.h"

#include <QRegularExpression>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'';
}

QString strippedQuotes(QString text)
{
    while (!text.isEmpty() && isQuote(text.front()))
        text.remove(0, 1);
    while (!text.isEmpty() && isQuote(text.back()))
        text.chop(1);
    return text;
}

/// Whether a percent sign stands that is not doubled; the doubled ones become one.
QString percents(const QString &text, bool *certain)
{
    QString single = text;
    *certain = !QString(text).remove(u"%%"_s).contains(u'%');
    return single.replace(u"%%"_s, u"%"_s);
}

// Supervisor's inline comments: ";" or "#" after white space, quotes or not.
QString withoutComment(const QString &line, int number, Reading &reading)
{
    for (qsizetype i = 1; i < line.size(); ++i) {
        if ((line[i] != u';' && line[i] != u'#') || !isPythonSpace(line[i - 1]))
            continue;
        reading.remark(number,
                       u"“;” or “#” after white space begins a comment, even between quotes."_s);
        return line.first(i);
    }
    return line;
}

void readPairs(const QString &text, int number, Reading &reading)
{
    // NAME=VALUE with commas between; a value is quoted, or goes up to the comma.
    static const QRegularExpression pair(
        u"\\G\\s*([^=,\\s]+)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^,]*)\\s*(?:,|\\z)"_s);
    qsizetype end = 0;
    for (auto it = pair.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        end = match.capturedEnd();
        bool certain = true;
        const QString value = percents(strippedQuotes(match.captured(2)), &certain);
        if (!certain)
            reading.remark(number, u"“%(” begins an expansion; “%%” is one percent sign."_s);
        reading.set(match.captured(1).toUtf8(), value.toUtf8(), number, certain);
    }
    if (!reading.overBudget && !QStringView(text).sliced(end).trimmed().isEmpty())
        reading.refusal =
            u"Line %1: supervisord cannot read this and does not start."_s.arg(number);
}

// cron's env.c, load_env(): one pair of quotes, and then once more.
QByteArray cronValue(QByteArray value)
{
    while (!value.isEmpty() && isCSpace(value.back()))
        value.chop(1);
    for (int i = 0; i < 2; ++i) {
        if (value.size() >= 2 && value.front() == value.back() &&
            isQuote(QLatin1Char(value.front())))
            value = value.sliced(1, value.size() - 2);
    }
    return value;
}

} // namespace

Reading readSupervisord(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    if (!text.isValidUtf8() || text.contains('\0')) {
        reading.refusal = u"It is not valid UTF-8."_s;
        return reading;
    }
    static const QRegularExpression start(u"\\A\\s*environment\\s*=\\s*"_s);
    int number = 0;
    for (const QString &line : QString::fromUtf8(text).split(u'\n')) {
        ++number;
        if (const auto match = start.match(line); match.hasMatch())
            readPairs(withoutComment(line, number, reading).mid(match.capturedLength()), number,
                      reading);
    }
    if (!reading.refusal.isEmpty())
        reading.variables.clear();
    return reading;
}

Reading readCrontab(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    int number = 0;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        ++number;
        const qsizetype equals = line.indexOf('=');
        const QByteArray name = cronValue(line.first(std::max<qsizetype>(0, equals)).trimmed());
        if (line.trimmed().startsWith('#') || equals < 0 || !identifierFault(name).isEmpty())
            continue; // a comment or a job
        QByteArray value = line.sliced(equals + 1);
        while (!value.isEmpty() && isCSpace(value.front()))
            value.remove(0, 1);
        if (line.size() > 998) { // seen with cron 3.0pl1
            reading.variables.clear();
            reading.refusal = u"Line %1 has more than the 998 bytes that cron reads; it refuses the whole file."_s.arg(number);
            return reading;
        }
        reading.set(name, cronValue(value), number);
    }
    return reading;
}

Reading readUwsgi(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    int number = 0;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        ++number;
        const qsizetype equals = line.indexOf('=');
        if (equals < 0 || line.first(equals).trimmed() != "env")
            continue;
        QByteArray rest = line.sliced(equals + 1);
        while (!rest.isEmpty() && isCSpace(rest.front()))
            rest.remove(0, 1);
        while (!rest.isEmpty() && isCSpace(rest.back()))
            rest.chop(1);
        const qsizetype second = rest.indexOf('=');
        const QByteArray name = second < 0 ? rest : rest.first(second);
        QByteArray value = second < 0 ? QByteArray() : rest.sliced(second + 1);
        const bool placeholder = value.contains("@(") || value.contains("$(");
        if (placeholder)
            reading.remark(
                number,
                u"“@(” or “$(” is replaced by a file, a variable or what a command prints."_s);
        const bool certain = !placeholder && !QByteArray(value).replace("%%", "").contains('%');
        reading.set(name, value.replace("%%", "%"), number, certain);
    }
    return reading;
}

} // namespace EnvFile
