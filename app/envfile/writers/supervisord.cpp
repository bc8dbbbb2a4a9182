#include "envfile/encoding.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'';
}

QString fault(const QString &text)
{
    if (text.contains(u'\n') || text.contains(u'\r'))
        return u"contains a line break, and supervisord strips and parses continued lines again"_s;
    if (text.contains(u'"') && text.contains(u'\''))
        return u"contains both kinds of quote, and supervisord has no escape"_s;
    if (!text.isEmpty() && (isQuote(text.front()) || isQuote(text.back())))
        return u"begins or ends with a quote, which supervisord strips"_s;
    for (qsizetype i = 1; i < text.size(); ++i) {
        if ((text[i] == u';' || text[i] == u'#') && isPythonSpace(text[i - 1]))
            return u"has “;” or “#” after white space, which starts a comment even between quotes"_s;
    }
    return {};
}

// Supervisor, datatypes.py dict_of_key_value_pairs() and options.py; %( starts an expansion.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const Result<QString> text = textOf(name, value);
    if (!text)
        return text.error();
    if (const QString why = fault(*text); !why.isEmpty())
        return unsupported(
            name, why,
            u"Start the program through a shell that reads the shell format, or make a new secret."_s);
    const char quote = value.contains('"') ? '\'' : '"';
    return QByteArray(name.toByteArray() + '=' + quote + replaced(value, "%", "%%") + quote);
}

} // namespace

Format supervisord()
{
    return {
        .id = u"supervisord"_s,
        .title = u"supervisord (environment=)"_s,
        .fileName = u"rolescope.conf"_s,
        .usage =
            u"Put the line of {path} into the [program:NAME] section\nThen: supervisorctl reread && supervisorctl update"_s,
        .assignment = assignment,
        .header = "environment=",
        .separator = ",",
        .footer = "\n",
        .read = readSupervisord,
        .caution = u"supervisord does not start at all with a broken line."_s};
}

} // namespace EnvFile
