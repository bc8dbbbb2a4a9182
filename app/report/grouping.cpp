#include "report/grouping.h"

#include "report/wording.h"

#include <QHash>
#include <algorithm>

namespace Report {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Isolation;
using Access::Observation;

QList<FindingGroup> groupedFindings(const Access::AccessReport &report)
{
    struct Group {
        FindingGroup group;
        bool differs;
    };
    QList<Group> groups;
    QHash<QString, qsizetype> known;
    for (const Cell &cell : report.cells) {
        if (!cell.finding || !wasAsked(cell))
            continue;
        // The same lack of a role is one thing wherever it shows, though the next step names the place.
        const bool role = cell.finding->id == u"missing-role";
        const QString key = cell.finding->id + u'\n' + (role ? cell.permission : cell.finding->cause);
        const auto [at, isNew] = std::pair(known.value(key, groups.size()), !known.contains(key));
        if (isNew) {
            known.insert(key, at);
            groups.append({{*cell.finding, {}, cell.permission, cell.evidence}, false});
        }
        groups[at].group.places.append(cell.container.isEmpty() ? cell.operation + u" on the account"_s : cell.operation + u" on "_s + cell.container);
        groups[at].differs = groups[at].differs || differs(cell);
    }
    std::stable_sort(groups.begin(), groups.end(), [](const Group &a, const Group &b) {
        return a.differs != b.differs ? a.differs : a.group.finding.id < b.group.finding.id;
    });
    QList<FindingGroup> result;
    for (const Group &one : groups)
        result.append(one.group);
    return result;
}

QString evidenceLine(const Access::Evidence &evidence)
{
    if (evidence.method.isEmpty() && evidence.status == 0 && evidence.code.isEmpty())
        return {};
    QStringList parts{QString::fromLatin1(evidence.method)};
    if (evidence.status > 0)
        parts.append(QString::number(evidence.status));
    parts.append(evidence.code);
    parts.removeAll(QString());
    QStringList line{parts.join(u' ')};
    if (!evidence.requestId.isEmpty())
        line.append(u"request "_s + evidence.requestId);
    if (evidence.at.isValid())
        line.append(utc(evidence.at));
    return line.join(u", "_s);
}

QList<std::pair<QString, QString>> factsOf(const Access::AccessReport &report)
{
    const QString counts = u"%1 allowed, %2 denied, %3 undecided, %4 not asked"_s.arg(report.count(Observation::Allowed))
                               .arg(report.count(Observation::Denied)).arg(report.count(Observation::Undecided)).arg(report.count(Observation::Skipped));
    return {{u"Principal"_s, report.principal},
            {u"Account"_s, accountName(report.account)},
            {u"Begun"_s, utc(report.startedAt)},
            {u"Ended"_s, utc(report.finishedAt)},
            {u"Observed"_s, u"by the principal's own requests"_s},
            {u"Roles read by"_s, report.predictedBy},
            {u"Result"_s, counts},
            {u"Complete"_s, report.complete ? QString() : u"no: it was cancelled or ran out of time; what is missing was not asked"_s}};
}

QList<std::pair<QString, QString>> factsOf(const Isolation &isolation)
{
    const auto state = isolation.state();
    const QString result = state == Isolation::State::Kept ? u"isolated"_s : state == Isolation::State::Broken ? u"NOT isolated"_s : u"undecided"_s;
    return {{u"Result"_s, result},
            {u"Begun"_s, utc(isolation.startedAt)},
            {u"Ended"_s, utc(isolation.finishedAt)},
            {u"Observed"_s, u"by each principal's own requests"_s},
            {u"Complete"_s, isolation.complete ? QString() : u"no: it was cancelled"_s}};
}

QString isolationWords(const Isolation::Pair *pair)
{
    if (!pair || pair->state == Isolation::State::Open)
        return u"? undecided"_s;
    const bool kept = pair->state == Isolation::State::Kept;
    if (pair->own)
        return kept ? u"✔ has access"_s : u"✖ no access to its own"_s;
    return kept ? u"✔ kept out"_s : u"✖ reaches it"_s;
}

} // namespace Report
