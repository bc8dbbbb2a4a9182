#include "access/disagreement.h"

#include "core/commandtext.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Kind = Verdict::Kind;

namespace {

const QString certain = u"certain"_s;
const QString likely = u"likely"_s;
const QString possible = u"possible"_s;

const Verdict::Because *reason(const Cell &cell, std::initializer_list<Kind> kinds)
{
    for (const Kind kind : kinds) {
        for (const Verdict::Because &because : cell.because) {
            if (because.kind == kind)
                return &because;
        }
    }
    return nullptr;
}

const Azure::RoleAssignment *grantingAssignment(const Cell &cell, const AuthorizationFacts &facts)
{
    const Verdict::Because *because = reason(cell, {Kind::Grants});
    const auto found = std::find_if(facts.assignments.cbegin(), facts.assignments.cend(),
                                    [&](const Azure::RoleAssignment &one) { return because && one.id == because->assignment; });
    return found == facts.assignments.cend() ? nullptr : &*found;
}

// The roles allow it, the service does not.
Finding refusedThoughAllowed(const Cell &cell, const AuthorizationFacts &facts, const QDateTime &now)
{
    const Azure::RoleAssignment *assignment = grantingAssignment(cell, facts);
    const QString granted = cell.because.isEmpty() ? u"The roles allow it."_s : cell.because.first().why;
    const qint64 age = assignment && assignment->updatedOn.isValid() ? assignment->updatedOn.secsTo(now) : -1;
    if (age >= 0 && age < 30 * 60) {
        return {u"still-propagating"_s,
                u"%1 That assignment is %2 minutes old; changes take up to ten minutes, in some documents thirty, to reach the data."_s.arg(
                    granted).arg(age / 60),
                u"Wait until it is effective and check again."_s, {}, likely};
    }
    return {u"refused-though-allowed"_s,
            u"%1 The service refuses it nevertheless. What was read may be out of date, or hide a deny assignment or a condition; a "
            "change of the last minutes may still be on its way; or the token is of another principal than the one that was looked up."_s.arg(granted),
            u"Read the assignments again as somebody who may see them all, and check again in ten minutes."_s, {}, possible};
}

// The service allows what no visible role does.
Finding allowedThoughRefused(const Cell &cell, const AuthorizationFacts &facts)
{
    if (facts.hierarchicalNamespace.value_or(false)) {
        return {u"acl-grants-more"_s,
                u"No role allows it, but the account has a hierarchical namespace: an ACL, or being the owning user, grants more than the roles."_s,
                u"Look at the ACLs of the directory, and give them to the service principal's object ID only."_s, {}, likely};
    }
    static const QStringList anonymous{u"blob.read"_s, u"blob.list"_s, u"container.read"_s};
    if (facts.publicAccessAllowed == true && anonymous.contains(cell.operation)) {
        return {u"anonymous-access"_s,
                u"No role allows it, but the account lets containers be open to everybody: this one may be, and then nobody needs a role to read it."_s,
                u"Look at the container's public access level; az storage account update --allow-blob-public-access false closes all."_s, {}, likely};
    }
    if (const Verdict::Because *because = reason(cell, {Kind::Group}))
        return {u"group-membership-unknown"_s, because->why + u" The service allows it, so it is a member."_s,
                u"Read the principal's groups, or take the role from the group."_s, {}, likely};
    return {u"allowed-though-refused"_s,
            u"No role assignment that was read allows it, and the service does. There is one that %1 cannot see (a management group's, a "
            "group's), or one was removed minutes ago and still has its effect."_s.arg(facts.by),
            u"Read the assignments as somebody who may see them at the subscription and above; check again in ten minutes."_s, {}, possible};
}

std::optional<Finding> byReason(const Cell &cell)
{
    static const QList<std::tuple<Kind, QString, QString>> known{
        {Kind::Deny, u"deny-assignment"_s, u"A deny assignment is made by Azure (a managed application or deployment stack): change it there, or exempt the principal."_s},
        {Kind::Databricks, u"databricks"_s, u"Assign the role at the resource group, the account or the container instead."_s},
        {Kind::Condition, u"condition"_s, u"Meet the condition, or change it in the role assignment."_s},
        {Kind::Scope, u"scope-too-narrow"_s, u"Assign the role here too, if this is wanted."_s},
        {Kind::NotIncluded, u"role-does-not-include"_s, u"If this is wanted, assign a role that includes it."_s},
        {Kind::NoDataActions, u"role-without-data-actions"_s, u"If this is wanted, assign a role for data; management roles do not reach it."_s},
        {Kind::OtherService, u"role-does-not-include"_s, u"If this is wanted, assign a role that includes it."_s},
    };
    for (const auto &[kind, id, nextStep] : known) {
        if (const Verdict::Because *because = reason(cell, {kind}))
            return Finding{id, because->why, nextStep, {}, certain};
    }
    return std::nullopt;
}

// Both say no: the prediction knows why.
Finding refused(const Cell &cell, const AuthorizationFacts &facts, const std::function<std::optional<Fix>(const Cell &)> &fixFor)
{
    const bool explained = reason(cell, {Kind::Condition, Kind::Databricks, Kind::Deny}) != nullptr;
    if (cell.asked == Decision::Allowed && !explained) {
        return {u"reading-incomplete"_s,
                u"Resource Manager says that the principal has this permission, and no assignment that %1 read explains it. The service refuses it: "
                "a condition or a deny assignment that was not seen decides, or it is still on its way."_s.arg(facts.by),
                u"Read the assignments as somebody who may see them all, and check again in ten minutes."_s, {}, possible};
    }
    Finding finding = byReason(cell).value_or(Finding{u"missing-role"_s, u"No role of this principal grants %1 here."_s.arg(cell.permission),
                                                      u"If this is wanted, assign a role that includes it."_s, {}, certain});
    if (finding.id == u"deny-assignment")
        return finding;
    if (const std::optional<Fix> fix = fixFor(cell)) {
        finding.nextStep = u"If this is wanted, assign “%1” at %2 (%3)."_s.arg(fix->role, fix->scope.lastName(), fix->words());
        finding.command = fix->command;
    }
    return finding;
}

// The roles leave it open; the observation decides, and the reason is worth saying where it is a refusal.
std::optional<Finding> open(const Cell &cell)
{
    static const QList<std::tuple<Kind, QString, QString>> known{
        {Kind::Group, u"group-membership-unknown"_s, u"Read the principal's groups with an account that may."_s},
        {Kind::Condition, u"condition"_s, u"Look at the condition: what it asks for is not known here."_s},
        {Kind::Databricks, u"databricks"_s, u"Assign the role at the resource group or below, where the rule does not apply."_s},
        {Kind::Acl, u"acl-unknown"_s, u"With a hierarchical namespace the ACLs decide; look at them."_s},
        {Kind::ManagementGroup, u"management-group-unknown"_s, u"Read the management groups of the subscription."_s},
        {Kind::UnknownRole, u"role-unknown"_s, u"Give the role's definition too."_s},
    };
    if (cell.observed != Observation::Denied)
        return std::nullopt;
    for (const auto &[kind, id, nextStep] : known) {
        if (const Verdict::Because *because = reason(cell, {kind}))
            return Finding{id, because->why, nextStep, {}, possible};
    }
    return std::nullopt;
}

// A role that was given to the application's client ID or object ID, and would have allowed it.
const Azure::RoleAssignment *misassigned(const Cell &cell, const AuthorizationFacts &facts, const QDateTime &now)
{
    const auto isApplication = [&](const QString &id) {
        return (!facts.applicationId.isEmpty() && id.compare(facts.applicationId, Qt::CaseInsensitive) == 0)
            || (!facts.applicationObjectId.isEmpty() && id.compare(facts.applicationObjectId, Qt::CaseInsensitive) == 0);
    };
    for (const Azure::RoleAssignment &one : facts.assignments) {
        if (!isApplication(one.principalId))
            continue;
        Azure::RoleAssignment meant = one;
        meant.principalId = facts.principalIds.value(0);
        const RoleEvaluator roles({meant}, facts.definitions, facts.denies);
        if (predict(facts, roles, cell.operation, cell.container, now).decision == Decision::Allowed)
            return &one;
    }
    return nullptr;
}

Finding wrongObject(const Azure::RoleAssignment &one, const AuthorizationFacts &facts)
{
    const bool byClientId = one.principalId.compare(facts.applicationId, Qt::CaseInsensitive) == 0;
    const QString right = facts.principalIds.value(0);
    return {u"wrong-object-id"_s,
            u"A role that allows it is assigned to %1, the application's %2. Roles count for the object ID of its service principal, %3."_s.arg(
                one.principalId, byClientId ? u"client ID"_s : u"own object ID"_s, right),
            u"Assign the role to %1, and drop the other assignment."_s.arg(right),
            Core::Command{u"az", u"role", u"assignment", u"create"}
                .option(u"--assignee-object-id", right)
                .option(u"--assignee-principal-type", u"ServicePrincipal"_s)
                .option(u"--role", one.roleDefinitionId)
                .option(u"--scope", one.scope.id())
                .text(),
            certain};
}

} // namespace

std::optional<Finding> findingFor(const Cell &cell, const AuthorizationFacts &facts, const QDateTime &now,
                                  const std::function<std::optional<Fix>(const Cell &)> &fixFor)
{
    if (cell.observed == Observation::Denied && cell.predicted != Decision::Allowed) {
        if (const Azure::RoleAssignment *one = misassigned(cell, facts, now))
            return wrongObject(*one, facts);
    }
    if (cell.observed == Observation::Denied && cell.predicted == Decision::Allowed)
        return refusedThoughAllowed(cell, facts, now);
    if (cell.observed == Observation::Allowed && cell.predicted == Decision::Denied)
        return allowedThoughRefused(cell, facts);
    if (cell.observed == Observation::Denied && cell.predicted == Decision::Denied)
        return refused(cell, facts, fixFor);
    if (cell.predicted == Decision::Undecided)
        return open(cell);
    return std::nullopt;
}

} // namespace Access
