#include "envfile/inspection.h"

#include "envfile/guess.h"
#include "envfile/readers/readers.h"

#include <QSet>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

const QStringList &family()
{
    static const QStringList ids{u"systemd-envfile"_s, u"python-dotenv"_s,    u"node-dotenv"_s,
                                 u"node-env-file"_s,   u"docker-env-file"_s,  u"compose-env-file"_s,
                                 u"gh-dotenv"_s,       u"k8s-from-env-file"_s};
    return ids;
}

bool hasExport(QByteArrayView text)
{
    return text.startsWith(QByteArrayView("export ")) || text.contains(QByteArrayView("\nexport "));
}

// Without what an editor or a clipboard adds.
QByteArray cleaned(QByteArrayView text)
{
    QByteArray plain = (startsWithMark(text) ? text.sliced(3) : text).toByteArray();
    plain.replace("\r\n", "\n");
    plain.replace("\xE2\x80\x8B", ""); // zero-width space
    return plain;
}

QList<Remark> defectsOf(QByteArrayView text, const Reading &meant)
{
    QList<Remark> defects;
    if (startsWithMark(text))
        defects.append(
            {1,
             u"It begins with a byte order mark; to several consumers that belongs to the first name, which is then lost."_s});
    if (const qsizetype at = text.indexOf(QByteArrayView("\r\n")); at >= 0)
        defects.append(
            {lineAt(text, at),
             u"Lines end in CRLF; to several consumers the carriage return belongs to the value."_s});
    if (text.contains('\0'))
        defects.append(
            {lineAt(text, text.indexOf('\0')), u"It contains a zero byte; is it UTF-16?"_s});
    if (!text.isValidUtf8())
        defects.append({0, u"It is not valid UTF-8."_s});
    for (const Remark &remark : meant.remarks) {
        if (remark.text.contains(u"stands more than once"))
            defects.append(remark);
    }
    return defects;
}

// The reading that comes closest to what people mean: the form's own consumer where there is one,
// the shell where "export" stands, else the most tolerant of the NAME=value family.
Reading meantBy(const QByteArray &text, const Format *format)
{
    if (format && !family().contains(format->id))
        return format->read(text);
    const Reading shell = hasExport(text) ? readShell(text) : Reading();
    const Reading systemd = readSystemd(text), dotenv = readPythonDotenv(text);
    const Reading &lines =
        dotenv.refusal.isEmpty() && dotenv.variables.size() >= systemd.variables.size() ? dotenv
                                                                                        : systemd;
    return shell.refusal.isEmpty() && !shell.variables.isEmpty() &&
                   shell.variables.size() >= lines.variables.size()
               ? shell
               : lines;
}

ConsumerView view(const Format &format, QByteArrayView text, const Variables &meant)
{
    ConsumerView seen{.format = &format, .reading = format.read(text)};
    QSet<QByteArray> names;
    for (const auto &[name, value] : meant) {
        const ReadVariable *read = seen.reading.find(name);
        if (!read || !read->certain || read->value.reveal() != value.reveal())
            seen.astray.append(name);
        names.insert(name);
    }
    for (const ReadVariable &one : seen.reading.variables) {
        if (!names.contains(one.name))
            seen.astray.append(one.name);
    }
    return seen;
}

// The format whose form the text has, unless it is one of the family.
const Format *formOf(const QByteArray &text)
{
    const auto guess = guessFormat(text);
    const Format *format = guess ? findFormat(*guess) : nullptr;
    return format && !family().contains(format->id) ? format : nullptr;
}

} // namespace

Inspection inspect(QByteArrayView text, const Format *format)
{
    QByteArray plain = cleaned(text);
    const Format *form = formOf(plain);
    const Reading meant = meantBy(plain, form ? form : format);
    Inspection inspection{.defects = defectsOf(text, meant)};
    for (const ReadVariable &one : meant.variables) {
        inspection.meant.append({one.name, one.value});
        if (!one.certain)
            inspection.uncertain.append(one.name);
    }
    if (format) {
        inspection.consumers.append(view(*format, text, inspection.meant));
    } else {
        if (form)
            inspection.consumers.append(view(*form, text, inspection.meant));
        for (const QString &id : !form || form->id == u"shell" ? family() : QStringList())
            inspection.consumers.append(view(*findFormat(id), text, inspection.meant));
    }
    Core::wipe(plain);
    return inspection;
}

Core::Result<Core::Secret> repaired(const Inspection &inspection, const Format &format)
{
    return write(format, inspection.meant);
}

} // namespace EnvFile
