#include "envfile/encoding.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

QByteArray escapedByte(char c)
{
    switch (c) {
    case '\\':
    case '"': return QByteArray("\\") + c;
    case '%': return "%%"; // a specifier otherwise
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return isControl(c) ? "\\x" + QByteArray(1, c).toHex() : QByteArray(1, c);
    }
}

// systemd.exec(5), Environment=; systemd.syntax(7), Quoting.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = systemdText(name, value); !text)
        return text.error();
    QByteArray line = "Environment=\"" + name.toByteArray() + '=';
    line.reserve(line.size() + 4 * value.size() + 3);
    for (const char c : value)
        line += escapedByte(c);
    return QByteArray(line + "\"\n");
}

} // namespace

Format systemdUnit()
{
    return {.id = u"systemd-unit"_s,
            .title = u"systemd drop-in with Environment= lines"_s,
            .fileName = u"rolescope.conf"_s,
            .usage = u"Put {path} into /etc/systemd/system/UNIT.service.d/\n"
                     "Then: systemctl daemon-reload && systemctl restart UNIT"_s,
            .assignment = assignment,
            .header = "[Service]\n",
            .read = readSystemdUnit,
            .caution = u"Every local user can read these values with “systemctl show”; for a "
                       u"secret take systemd-envfile or "
                       "systemd-credential."_s};
}

} // namespace EnvFile
