#include "envfile/names.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

void remarkOn(const QByteArray &name, const QByteArray &value, int line, Reading &reading)
{
    const QString called = shownName(name);
    const bool enclosed = value.size() >= 2 && value.front() == value.back() &&
                          (value.front() == '"' || value.front() == '\'');
    if (enclosed)
        reading.remark(line, u"%1: the quotes become part of the value."_s.arg(called));
    if (value.endsWith(' ') || value.endsWith('\t'))
        reading.remark(line, u"%1: the blanks at the end become part of the value."_s.arg(called));
    if (value.contains(" #"))
        reading.remark(
            line, u"%1: “#” begins no comment here and becomes part of the value."_s.arg(called));
}

// docker/cli pkg/kvfile/kvfile.go; kubectl reads the same way and checks the names.
Reading readLines(QByteArrayView text, QString (*nameFault)(QByteArrayView))
{
    Reading reading = Reading::of(text);
    const auto refuse = [&](int line, const QString &why) {
        reading.variables.clear();
        reading.refusal = u"Line %1: %2"_s.arg(line).arg(why);
        return reading;
    };
    int number = 0;
    for (QByteArray line :
         (startsWithMark(text) ? text.sliced(3) : text).toByteArray().split('\n')) {
        ++number;
        if (line.size() >= 64 * 1024)
            return refuse(number, u"64 KiB or more in one line."_s);
        if (line.endsWith('\r'))
            line.chop(1);
        if (!line.isValidUtf8() || line.contains('\0'))
            return refuse(number, u"not valid UTF-8."_s);
        while (!line.isEmpty() && (line[0] == ' ' || line[0] == '\t'))
            line.remove(0, 1);
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const qsizetype equals = line.indexOf('=');
        const QByteArray name = equals < 0 ? line : line.first(equals);
        if (!nameFault(name).isEmpty())
            return refuse(number,
                          u"no name of a variable; docker's error message would print the line."_s);
        if (equals < 0) {
            reading.remark(
                number, u"%1 has no value here and is taken from the caller's environment."_s.arg(
                            shownName(name)));
            continue;
        }
        remarkOn(name, line.sliced(equals + 1), number, reading);
        reading.set(name, line.sliced(equals + 1), number);
    }
    return reading;
}

} // namespace

Reading readDockerEnvFile(QByteArrayView text)
{
    Reading reading = readLines(text, visibleFault);
    if (startsWithMark(text))
        reading.remark(
            1, u"Podman, unlike Docker, makes the byte order mark part of the first name."_s);
    return reading;
}

Reading readKubernetesFromEnvFile(QByteArrayView text)
{
    return readLines(text, dottedFault);
}

} // namespace EnvFile
