#include "envfile/encoding.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// environment.d(5). $ is expanded after the quotes are gone, so that only $$ protects it.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString alternative = u"Use systemd-envfile for the unit that needs it, or shell."_s;
    if (value.isEmpty())
        return unsupported(name, u"is empty, and environment.d does not set an empty variable"_s,
                           alternative);
    if (std::any_of(value.begin(), value.end(), isControl))
        return unsupported(name,
                           u"contains a control character, which arrives as a backslash escape"_s,
                           alternative);
    return systemdAssignment(name, replaced(value, "$", "$$"));
}

} // namespace

Format environmentD()
{
    return {.id = u"environment-d"_s,
            .title = u"systemd environment.d (every program of the user)"_s,
            .fileName = u"60-rolescope.conf"_s,
            .usage =
                u"Put {path} into ~/.config/environment.d/\nIt takes effect at the next login."_s,
            .assignment = assignment,
            .read = readEnvironmentD,
            .caution = u"Every program that this user starts gets these values."_s};
}

} // namespace EnvFile
