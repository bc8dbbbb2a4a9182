#include "access/simulation.h"

#include "access/accessdecision.h"

#include <QJsonArray>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

Verdict openUnless(Decision certain, Verdict verdict, const QString &why)
{
    if (verdict.decision == certain)
        return verdict;
    verdict.decision = Decision::Undecided;
    verdict.because.prepend({{}, {}, {}, why});
    return verdict;
}

QJsonValue nullable(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

} // namespace

Verdict Simulation::run() const
{
    if (!rolesAreAsked)
        return {
            Decision::Undecided,
            {{{},
              {},
              {},
              u"An account or service SAS is asked for no role; what it allows itself is not known here."_s}}};
    // Given definitions come last in the evaluator's table, where the last of the same ID counts.
    const RoleEvaluator roles(assignments.entries, Azure::builtInRoles() + definitions.entries,
                              denies.entries);
    Verdict verdict = decide(roles, request);
    if (!permissionKindKnown) {
        EvaluationInput asData = request;
        for (QList<RequiredPermission> &needed : asData.requirement) {
            for (RequiredPermission &required : needed)
                required.isDataAction = true;
        }
        verdict = eitherWay(verdict, decide(roles, asData),
                            u"Whether the permissions are data actions was not said."_s);
    }
    if (!assignments.complete)
        verdict =
            openUnless(Decision::Allowed, verdict,
                       u"The list of role assignments goes on: its nextLink was not followed."_s);
    if (!denies.complete)
        verdict =
            openUnless(Decision::Denied, verdict,
                       u"The list of deny assignments goes on: its nextLink was not followed."_s);
    return verdict;
}

QJsonObject toJson(const Verdict &verdict)
{
    QJsonArray because;
    for (const Verdict::Because &one : verdict.because) {
        because.append(QJsonObject{{u"assignment"_s, nullable(one.assignment)},
                                   {u"role"_s, nullable(one.role)},
                                   {u"scope"_s, nullable(one.scope)},
                                   {u"why"_s, one.why}});
    }
    const QString decision = verdict.decision == Decision::Allowed  ? u"allow"_s
                             : verdict.decision == Decision::Denied ? u"deny"_s
                                                                    : u"indeterminate"_s;
    return {{u"decision"_s, decision}, {u"because"_s, because}};
}

} // namespace Access
