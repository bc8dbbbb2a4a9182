#include "access/verdict.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

Verdict allOf(const QList<Verdict> &verdicts)
{
    const auto has = [&](Decision decision) {
        return std::any_of(verdicts.cbegin(), verdicts.cend(), [&](const Verdict &one) { return one.decision == decision; });
    };
    Verdict all{has(Decision::Denied) ? Decision::Denied : has(Decision::Undecided) ? Decision::Undecided : Decision::Allowed, {}};
    for (const Verdict &one : verdicts) {
        for (const Verdict::Because &because : one.because) {
            if (one.decision == all.decision && !all.because.contains(because))
                all.because.append(because);
        }
    }
    return all;
}

Verdict anyOf(const QList<Verdict> &verdicts)
{
    Verdict best{Decision::Denied, {}};
    for (const Verdict &one : verdicts) {
        if (one.decision == Decision::Allowed)
            return one;
        if (one.decision == Decision::Undecided)
            best.decision = Decision::Undecided;
        for (const Verdict::Because &because : one.because) {
            if (!best.because.contains(because))
                best.because.append(because);
        }
    }
    return best;
}

void putNearestFirst(Verdict &verdict)
{
    using Kind = Verdict::Kind;
    const auto distance = [](Kind kind) {
        static const QList<Kind> furthestLast{Kind::Scope, Kind::NotIncluded, Kind::NoDataActions, Kind::OtherService, Kind::NoAssignment};
        return furthestLast.indexOf(kind); // −1, the nearest, for what is open or decided by a rule of its own
    };
    std::stable_sort(verdict.because.begin(), verdict.because.end(),
                     [&](const Verdict::Because &a, const Verdict::Because &b) { return distance(a.kind) < distance(b.kind); });
}

Verdict eitherWay(const Verdict &one, const Verdict &other, const QString &question)
{
    if (one.decision == other.decision)
        return one;
    Verdict open{Decision::Undecided, {{{}, {}, {}, question}}};
    for (const Verdict *verdict : {&one, &other}) {
        for (const Verdict::Because &because : verdict->because) {
            if (!open.because.contains(because))
                open.because.append(because);
        }
    }
    return open;
}

QString shortAction(const QString &action)
{
    const QString inside = action.section(u"/blobServices/"_s, 1, 1);
    return inside.isEmpty() ? action : inside;
}

bool matchesAction(QStringView pattern, QStringView action)
{
    // Greedy matching with one point to come back to: enough for "*", which is the only wildcard.
    qsizetype p = 0;
    qsizetype a = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (a < action.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            resume = a;
        } else if (p < pattern.size() && pattern[p].toCaseFolded() == action[a].toCaseFolded()) {
            ++p;
            ++a;
        } else if (star >= 0) {
            p = star + 1;
            a = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

} // namespace Access
