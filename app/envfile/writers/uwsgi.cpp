#include "envfile/encoding.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// uWSGI, Configuring uWSGI: % is a magic variable, $(NAME) and @(…) are placeholders, and
// @(exec://…) runs a command.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString alternative =
        u"Start uWSGI with a systemd-envfile or from a shell, or make a new secret."_s;
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (const auto oneLine = refuseLineFeed(name, value); !oneLine)
        return oneLine.error();
    if (!value.isEmpty() && isCSpace(value.back()))
        return unsupported(name, u"ends in white space, which uWSGI strips"_s, alternative);
    if (value.contains(QByteArrayView("@(")) || value.contains(QByteArrayView("$(")))
        return unsupported(name, u"contains “@(” or “$(”, which uWSGI expands or even executes"_s,
                           alternative);
    return QByteArray("env = " + name.toByteArray() + '=' + replaced(value, "%", "%%") + '\n');
}

} // namespace

Format uwsgi()
{
    return {.id = u"uwsgi"_s,
            .title = u"uWSGI (ini)"_s,
            .fileName = u"rolescope.ini"_s,
            .usage = u"Put the lines of {path} into the [uwsgi] section."_s,
            .assignment = assignment,
            .read = readUwsgi};
}

} // namespace EnvFile
