#include "envfile/format.h"

#include "core/visibletext.h"
#include "envfile/encoding.h"

#include <QSet>
#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

// Linux refuses a longer NAME=value string when a program is started (MAX_ARG_STRLEN, its zero byte
// included).
constexpr qsizetype longestAssignment = 128 * 1024 - 1;

Result<void> checkName(const Format &format, QByteArrayView name)
{
    const QString fault = format.nameFault(name);
    if (fault.isEmpty())
        return {};
    return Error{.kind = Error::Kind::InvalidInput,
                 .message = u"The name “%1” does not fit %2: it %3."_s.arg(shownName(name),
                                                                           format.id, fault),
                 .code = u"BadName"_s,
                 .nextStep = u"Name the variable otherwise."_s};
}

Result<void> checkValue(const Format &format, QByteArrayView name, QByteArrayView value)
{
    if (format.holdsAnyBytes)
        return {};
    if (value.contains('\0'))
        return unsupported(name, u"contains a zero byte, which no environment variable can hold"_s,
                           credentialAlternative());
    if (name.size() + 1 + value.size() > longestAssignment)
        return unsupported(name, u"is longer than the kernel allows for one variable (128 KiB)"_s,
                           credentialAlternative());
    return {};
}

Result<void> checkAll(const Format &format, const Variables &variables)
{
    QSet<QByteArray> names;
    qsizetype size = 0;
    for (const auto &[name, value] : variables) {
        if (const auto possible = checkName(format, name); !possible)
            return possible.error();
        if (names.contains(name))
            return Error{.kind = Error::Kind::InvalidInput,
                         .message = u"%1 stands twice."_s.arg(shownName(name)),
                         .code = u"BadName"_s,
                         .nextStep = u"Keep the one that is meant."_s};
        names.insert(name);
        if (const auto possible = checkValue(format, name, value.reveal()); !possible)
            return possible.error();
        size += name.size() + value.size();
        if (format.sizeLimit > 0 && size > format.sizeLimit)
            return unsupported(name,
                               u"makes the whole larger than %1 bytes"_s.arg(format.sizeLimit),
                               u"Split it."_s);
    }
    return {};
}

Result<Variables> assignments(const Format &format, const Variables &variables)
{
    if (const auto possible = checkAll(format, variables); !possible)
        return possible.error();
    Variables written;
    for (const auto &[name, value] : variables) {
        Result<QByteArray> one = format.assignment(name, value.reveal());
        if (!one)
            return one.error();
        written.append({name, Secret::take(std::move(*one))});
    }
    return written;
}

// Quoting that holds alone may break together, e.g. where a backslash hides a quote from the next
// line: so the consumer's grammar has the last word.
Result<void> checkWhole(const Format &format, const Variables &variables, QByteArrayView text)
{
    if (!format.read)
        return {};
    const Reading reading = format.read(text);
    for (const auto &[name, value] : variables) {
        const ReadVariable *read = reading.find(name);
        if (!reading.refusal.isEmpty() || !read || !read->certain ||
            read->value.reveal() != value.reveal())
            return unsupported(name,
                               u"would not be read back as it is beside the other variables"_s,
                               u"Write it into a file of its own, or use another format."_s);
    }
    return {};
}

Secret joined(const Format &format, const Variables &written)
{
    qsizetype size =
        format.header.size() + format.footer.size() + written.size() * format.separator.size();
    for (const auto &[name, text] : written)
        size += text.size();
    QByteArray text;
    text.reserve(size); // so that no half of a secret stays behind in a buffer that was outgrown
    text += format.header;
    for (qsizetype i = 0; i < written.size(); ++i) {
        if (i > 0)
            text += format.separator;
        text += written[i].second.reveal();
    }
    text += format.footer;
    return Secret::take(std::move(text));
}

} // namespace

std::optional<QString> plainPath(const QString &path)
{
    return Core::visibleText(path);
}

const Format *findFormat(const QString &id)
{
    const auto found = std::find_if(formats().cbegin(), formats().cend(), [&](const Format &one) {
        return one.id == id || one.aliases.contains(id);
    });
    return found == formats().cend() ? nullptr : &*found;
}

QString usage(const Format &format, const QString &path)
{
    // A hyphen in front would make an option of it.
    const auto quoted = format.quotedPath(path.startsWith(u'-') ? u"./"_s + path : path);
    if (!quoted)
        return u"The path cannot be quoted safely, so no line to copy is shown. Give the file a plainer name."_s;
    return QString(format.usage).replace(u"{path}"_s, *quoted);
}

Result<Secret> write(const Format &format, const Variables &variables)
{
    Q_ASSERT(format.shape == Format::Shape::File);
    const Result<Variables> written = assignments(format, variables);
    if (!written)
        return written.error();
    Secret text = joined(format, *written);
    if (const auto whole = checkWhole(format, variables, text.reveal()); !whole)
        return whole.error();
    return text;
}

Result<Variables> writeFolder(const Format &format, const Variables &variables)
{
    Q_ASSERT(format.shape == Format::Shape::Folder);
    return assignments(format, variables);
}

Result<QByteArray> preview(const Format &format, const Variables &variables,
                           const QList<QByteArray> &secretNames)
{
    // What cannot be written is refused in the preview too.
    if (format.shape == Format::Shape::File) {
        if (const auto possible = write(format, variables); !possible)
            return possible.error();
    } else if (const auto possible = writeFolder(format, variables); !possible) {
        return possible.error();
    }
    Variables masked;
    for (const auto &[name, value] : variables)
        masked.append({name, secretNames.contains(name) ? Secret(QByteArray("********")) : value});
    const Result<Variables> written = assignments(format, masked);
    if (!written)
        return written.error();
    if (format.shape == Format::Shape::File)
        return joined(format, *written).reveal().toByteArray();
    QByteArray text;
    for (const auto &[name, content] : *written) {
        QByteArray shown = content.reveal().toByteArray();
        shown.replace('\0', "\\0"); // as the format writes a line feed
        text += name + ": " + shown + (shown.endsWith('\n') ? "" : "\n");
    }
    return text;
}

} // namespace EnvFile
