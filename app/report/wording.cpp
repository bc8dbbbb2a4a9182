#include "report/wording.h"

#include "core/visibletext.h"

#include <algorithm>

namespace Report {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Decision;
using Access::Observation;

QString visible(const QString &text, QStringView kept)
{
    return Core::visibleText(text, kept);
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
