#include "envfile/encoding.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

bool isQuote(char c)
{
    return c == '"' || c == '\'';
}

QString fault(QByteArrayView value)
{
    if (value.isEmpty())
        return {};
    if (isCSpace(value.back()))
        return u"ends in white space, which cron strips even between quotes"_s;
    if (value.size() >= 2 && isQuote(value.front()) && value.front() == value.back())
        return u"is enclosed in quotes, and cron strips two pairs"_s;
    const bool both = value.contains('"') && value.contains('\'');
    if (both && (isQuote(value.front()) || isQuote(value.back()) || isCSpace(value.front())))
        return u"contains both kinds of quote and begins or ends with a quote or white space, so "
               u"it can neither be quoted nor "
               "left bare"_s;
    return {};
}

// crontab(5); cron's env.c, load_env(): no escape, no expansion. A line of 999 bytes (MAX_ENVSTR less the NUL) makes cron 3.0pl1 refuse
// the whole file; 998 are read (both seen).
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString alternative =
        u"Let the job source a file in the shell format, or make a new secret."_s;
    if (const auto oneLine = refuseLineFeed(name, value); !oneLine)
        return oneLine.error();
    if (const QString why = fault(value); !why.isEmpty())
        return unsupported(name, why, alternative);
    const QByteArray quote = !value.contains('"') ? "\"" : !value.contains('\'') ? "'" : "";
    const QByteArray line = name.toByteArray() + '=' + quote + value.toByteArray() + quote;
    if (line.size() > 998)
        return unsupported(name, u"makes a line of more than the 998 bytes that cron reads"_s,
                           alternative);
    return QByteArray(line + '\n');
}

} // namespace

Format crontab()
{
    return {.id = u"crontab"_s,
            .title = u"crontab"_s,
            .fileName = u"rolescope.crontab"_s,
            .usage = u"Put the lines of {path} above the jobs: crontab -e"_s,
            .assignment = assignment,
            .read = readCrontab,
            .caution = u"A file in /etc/cron.d must be readable by root only: chmod 600."_s,
            .aliases = {u"cron"_s}};
}

} // namespace EnvFile
