#include "report/wording.h"

#include <algorithm>

namespace Report {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Decision;
using Access::Observation;

namespace {

constexpr char32_t nonJoiner = 0x200C;
constexpr char32_t joiner = 0x200D;

bool hides(char32_t code)
{
    switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    case QChar::Other_Format: return code != nonJoiner && code != joiner;
    default: return QChar::isNonCharacter(code);
    }
}

} // namespace

QString visible(const QString &text, QStringView kept)
{
    QString shown;
    shown.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text[i];
        const bool pair = unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const char32_t code = pair ? QChar::surrogateToUcs4(unit, text[i + 1]) : char32_t(unit.unicode());
        if (hides(code) && !kept.contains(unit))
            shown += u"\\x%1"_s.arg(static_cast<uint>(code), 2, 16, QChar(u'0'));
        else
            shown += QStringView(text).mid(i, pair ? 2 : 1);
        i += pair ? 1 : 0;
    }
    return shown;
}

QString placeName(const QString &container)
{
    return container.isEmpty() ? u"(account)"_s : container;
}

QString accountName(const QUrl &account)
{
    return account.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
}

QString utc(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz 'UTC'"_s) : QString();
}

bool wasAsked(const Cell &cell)
{
    return cell.observed == Observation::Allowed || cell.observed == Observation::Denied || cell.observed == Observation::Undecided;
}

QString observedName(const Cell &cell)
{
    return Access::observationName(wasAsked(cell) ? cell.observed : Observation::Skipped);
}

QString predictedName(const Cell &cell)
{
    return cell.predictionKnown ? Access::decisionName(cell.predicted) : u"unknown"_s;
}

QString askedName(const Cell &cell)
{
    return cell.asked ? Access::decisionName(*cell.asked) : QString();
}

QString statusText(const Cell &cell)
{
    return cell.evidence.status > 0 ? QString::number(cell.evidence.status) : QString();
}

bool differs(const Cell &cell)
{
    return cell.predictionKnown
        && ((cell.predicted == Decision::Allowed && cell.observed == Observation::Denied)
            || (cell.predicted == Decision::Denied && cell.observed == Observation::Allowed));
}

QString clauseName(const QString &principal, const Access::ContractResult::Clause &clause)
{
    return u"%1: %2 %3 %4"_s.arg(visible(principal), visible(placeName(clause.container)), clause.must ? u"must"_s : u"must not"_s,
                                 visible(clause.operation));
}

int count(const Access::ContractResult &result, Access::ContractResult::State state)
{
    return static_cast<int>(std::count_if(result.clauses.cbegin(), result.clauses.cend(),
                                          [&](const Access::ContractResult::Clause &one) { return one.state == state; }));
}

} // namespace Report
