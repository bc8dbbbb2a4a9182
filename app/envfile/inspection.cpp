#include "envfile/inspection.h"

#include "envfile/guess.h"
#include "envfile/readers/readers.h"

#include <QSet>
#include <algorithm>
#include <cstdlib>

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

// A byte order mark of two bytes; or every other of the first bytes is zero, as in Latin letters.
bool isUtf16(QByteArrayView text)
{
    if (text.startsWith(QByteArrayView("\xFF\xFE")) || text.startsWith(QByteArrayView("\xFE\xFF")))
        return true;
    const qsizetype looked = std::min<qsizetype>(text.size(), 64) & ~qsizetype(1);
    qsizetype even = 0, odd = 0;
    for (qsizetype i = 0; i < looked; ++i)
        (i % 2 ? odd : even) += text[i] == '\0' ? 1 : 0;
    return looked >= 8 && std::abs(even - odd) == looked / 2;
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
    if (isUtf16(text))
        defects.append({1, u"It is UTF-16, which no consumer reads; save it as UTF-8."_s});
    else if (text.contains('\0'))
        defects.append(
            {lineAt(text, text.indexOf('\0')), u"It contains a zero byte, as no text does."_s});
    else if (!text.isValidUtf8())
        defects.append({0, u"It is not valid UTF-8."_s});
    for (const Remark &remark : meant.remarks) {
        if (remark.text.contains(u"stands more than once") || remark.text.contains(u"more to say"))
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

Inspection refused(const QString &why)
{
    return {.refusal = why, .defects = {{0, why}}};
}

// What one consumer would make gigabytes of is not looked at through the others' eyes.
Inspection withinBudget(Inspection inspection, const Reading &meant)
{
    if (meant.overBudget)
        return refused(meant.refusal);
    for (const ConsumerView &consumer : inspection.consumers) {
        if (consumer.reading.overBudget)
            return refused(u"%1: %2"_s.arg(consumer.format->id, consumer.reading.refusal));
    }
    return inspection;
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

// Of every kind that some reader takes for one.
static qsizetype lineEnds(QByteArrayView text)
{
    qsizetype ends = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        const bool separator = text[i] == '\xE2' && i + 2 < text.size() && text[i + 1] == '\x80' &&
                               (text[i + 2] == '\xA8' || text[i + 2] == '\xA9');
        ends += (text[i] == '\n' || (text[i] == '\r' && !pair) || separator) ? 1 : 0;
    }
    return ends;
}

QString sizeFault(QByteArrayView text)
{
    // Linux takes 2 MiB of arguments and environment for a program, Kubernetes 1 MiB of secrets.
    constexpr qsizetype mostBytes = 4 * 1024 * 1024, mostLines = 10'000;
    if (text.size() > mostBytes)
        return u"It is larger than 4 MiB, and no environment is."_s;
    if (lineEnds(text) > mostLines)
        return u"It has more than 10,000 lines, and no environment has."_s;
    return {};
}

Inspection inspect(QByteArrayView text, const Format *format)
{
    if (const QString fault = sizeFault(text); !fault.isEmpty())
        return refused(fault);
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
    return withinBudget(std::move(inspection), meant);
}

Core::Result<Core::Secret> repaired(const Inspection &inspection, const Format &format)
{
    return write(format, inspection.meant);
}

} // namespace EnvFile
