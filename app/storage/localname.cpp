#include "storage/localname.h"

#include <QRegularExpression>

namespace Storage {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 200; // bytes; file systems take 255, and a suffix may be added

bool isSpoken(QChar c)
{
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format: // marks that turn the direction of reading
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return false;
    default: return true;
    }
}

// Windows opens these as devices, with any ending.
bool isDevice(const QString &name)
{
    static const QRegularExpression device(
        u"\\A(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$) *(\\.|\\z)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return device.match(name).hasMatch();
}

QString shortened(QString name)
{
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString ending = dot > 0 && name.size() - dot <= 12 ? name.mid(dot) : QString();
    QString stem = name.chopped(ending.size());
    while (!stem.isEmpty() && (stem + ending).toUtf8().size() > longest)
        stem.chop(stem.back().isLowSurrogate() ? 2 : 1);
    return stem + ending;
}

} // namespace

QString localFileName(const QString &name)
{
    static const QString reserved = u"<>:\"|?*\\"_s;
    QString kept;
    for (const QChar c : name.mid(name.lastIndexOf(u'/') + 1)) {
        if (isSpoken(c))
            kept.append(reserved.contains(c) ? QChar(u'_') : c);
    }
    kept = shortened(kept.normalized(QString::NormalizationForm_C).trimmed());
    while (kept.endsWith(u'.') || kept.endsWith(u' '))
        kept.chop(1);
    if (kept.isEmpty())
        return u"blob"_s;
    return isDevice(kept) || kept.startsWith(u'.') || kept.startsWith(u'-') ? u'_' + kept : kept;
}

} // namespace Storage
