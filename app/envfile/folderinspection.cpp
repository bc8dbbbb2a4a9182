#include "envfile/inspection.h"

#include <QSet>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

// Without the mark, the line end and the carriage return that an editor or echo adds.
QByteArray plainContent(QByteArrayView content)
{
    if (startsWithMark(content))
        content = content.sliced(3);
    if (content.endsWith('\n'))
        content = content.chopped(1);
    if (content.endsWith('\r'))
        content = content.chopped(1);
    QByteArray value = content.toByteArray();
    value.replace('\0', '\n');
    return value;
}

QList<Remark> defectsOf(const QByteArray &name, QByteArrayView content)
{
    const QString file = QString::fromUtf8(name);
    QList<Remark> defects;
    if (startsWithMark(content))
        defects.append({0, u"The file %1 begins with a byte order mark."_s.arg(file)});
    if (content.contains('\r'))
        defects.append({0, u"The file %1 has a carriage return."_s.arg(file)});
    const qsizetype end = content.indexOf('\n');
    if (end >= 0 && end + 1 < content.size())
        defects.append({0, u"The file %1 has more than one line."_s.arg(file)});
    return defects;
}

QList<QByteArray> astrayIn(const Reading &reading, const Variables &meant)
{
    QList<QByteArray> astray;
    QSet<QByteArray> names;
    for (const auto &[name, value] : meant) {
        names.insert(name);
        const ReadVariable *read = reading.find(name);
        if (!read || read->value != value)
            astray.append(name);
    }
    for (const ReadVariable &one : reading.variables) {
        if (!names.contains(one.name))
            astray.append(one.name);
    }
    return astray;
}

} // namespace

Reading readFolder(const Format &format, const Variables &files)
{
    qsizetype size = 0;
    for (const auto &[name, content] : files)
        size += name.size() + content.size();
    Reading all = Reading::withBudget(size);
    for (const auto &[name, content] : files) {
        const Reading one = format.read(content.reveal());
        for (const Remark &remark : one.remarks)
            all.remark(0, u"%1: %2"_s.arg(QString::fromUtf8(name), remark.text));
        if (!one.variables.isEmpty())
            all.set(name, one.variables.first().value.reveal(), 0);
    }
    return all;
}

Inspection inspectFolder(const Variables &files, const Format *format)
{
    Inspection inspection;
    for (const auto &[name, content] : files) {
        if (format && format->holdsAnyBytes) {
            inspection.meant.append({name, content});
            continue;
        }
        inspection.defects += defectsOf(name, content.reveal());
        if (!content.isEmpty()) // envdir's way of saying that there shall be none
            inspection.meant.append({name, Core::Secret::take(plainContent(content.reveal()))});
    }
    QList<const Format *> consumers{format};
    if (!format)
        consumers = {findFormat(u"envdir"_s), findFormat(u"s6-envdir"_s),
                     findFormat(u"systemd-credential"_s)};
    for (const Format *one : consumers) {
        const Reading reading =
            one->shape == Format::Shape::Folder ? readFolder(*one, files) : Reading{};
        inspection.consumers.append({one, reading, astrayIn(reading, inspection.meant)});
    }
    return inspection;
}

} // namespace EnvFile
