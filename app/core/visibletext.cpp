#include "core/visibletext.h"

namespace Core {

using namespace Qt::StringLiterals;

namespace {

bool isHidden(char32_t code)
{
    // Characters that are drawn as nothing, though Unicode does not list them as format characters.
    if (code == 0x034F || code == 0x115F || code == 0x1160 || code == 0x17B4 || code == 0x17B5 || code == 0x3164 || code == 0xFFA0)
        return true;
    if (code >= 0xE0000 && code <= 0xE0FFF) // tags, and what is reserved beside them
        return true;
    switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return QChar::isNonCharacter(code);
    }
}

template<typename Replace>
QString replaced(const QString &text, QStringView kept, Replace replacement)
{
    QString shown;
    shown.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text[i];
        const bool pair = unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const char32_t code = pair ? QChar::surrogateToUcs4(unit, text[i + 1]) : char32_t(unit.unicode());
        if (isHidden(code) && !kept.contains(unit))
            shown += replacement(code);
        else
            shown += QStringView(text).mid(i, pair ? 2 : 1);
        i += pair ? 1 : 0;
    }
    return shown;
}

} // namespace

QString visibleText(const QString &text, QStringView kept)
{
    return replaced(text, kept, [](char32_t code) { return u"\\u{%1}"_s.arg(uint(code), 0, 16); });
}

QString oneLine(const QString &text)
{
    return replaced(text, {}, [](char32_t) { return u" "_s; }).simplified();
}

} // namespace Core
