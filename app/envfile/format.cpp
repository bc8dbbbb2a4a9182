#include "envfile/format.h"

#include "envfile/posixshell.h"
#include "envfile/pythondotenv.h"
#include "envfile/systemdenvfile.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

// Linux refuses a longer NAME=value string when a program is started (MAX_ARG_STRLEN, its zero byte included).
constexpr qsizetype longestAssignment = 128 * 1024 - 1;

bool isName(QByteArrayView name)
{
    const auto letter = [](char c) { return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    if (name.isEmpty() || !letter(name.front()))
        return false;
    return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<void> check(QByteArrayView name, QByteArrayView value)
{
    if (!isName(name))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” is no name of an environment variable."_s.arg(QString::fromUtf8(name.first(std::min<qsizetype>(80, name.size()))))};
    if (value.contains('\0'))
        return unsupported(name, u"contains a zero byte, which no environment variable can hold"_s, {});
    if (name.size() + 1 + value.size() > longestAssignment)
        return unsupported(name, u"is longer than the kernel allows for one variable (128 KiB)"_s, {});
    return {};
}

} // namespace

const QList<Format> &formats()
{
    static const QList<Format> all{systemdEnvFile(), posixShell(), pythonDotenv()};
    return all;
}

const Format *findFormat(const QString &id)
{
    const auto found = std::find_if(formats().cbegin(), formats().cend(), [&](const Format &one) { return one.id == id; });
    return found == formats().cend() ? nullptr : &*found;
}

QString usage(const Format &format, const QString &path)
{
    return QString(format.usage).replace(u"{path}"_s, format.quotedPath(path));
}

Result<Secret> write(const Format &format, const Variables &variables)
{
    QByteArray text = format.header;
    for (const auto &[name, value] : variables) {
        if (const Result<void> possible = check(name, value.reveal()); !possible)
            return possible.error();
        Result<QByteArray> line = format.assignment(name, value.reveal());
        if (!line) {
            Core::wipe(text);
            return line.error();
        }
        text += *line;
        Core::wipe(*line);
    }
    return Secret::take(std::move(text));
}

Result<QByteArray> preview(const Format &format, const Variables &variables, const QList<QByteArray> &secretNames)
{
    // What cannot be written is refused in the preview too.
    if (const Result<Secret> possible = write(format, variables); !possible)
        return possible.error();
    Variables masked;
    for (const auto &[name, value] : variables)
        masked.append({name, secretNames.contains(name) ? Secret(QByteArray("********")) : value});
    const Result<Secret> text = write(format, masked);
    return text ? Result<QByteArray>(text->reveal().toByteArray()) : text.error();
}

Error unsupported(QByteArrayView name, const QString &reason, const QString &alternative)
{
    return {.kind = Error::Kind::Unsupported,
            .message = u"%1 %2."_s.arg(QString::fromLatin1(name), reason),
            .code = u"NotRepresentable"_s,
            .nextStep = alternative.isEmpty() ? u"Make a new secret; those of Entra ID fit every format."_s : alternative};
}

QByteArray escaped(QByteArrayView value, QByteArrayView special)
{
    QByteArray out;
    out.reserve(value.size() + 16);
    for (const char c : value) {
        if (special.contains(c))
            out += '\\';
        out += c;
    }
    return out;
}

} // namespace EnvFile
