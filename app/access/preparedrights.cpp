#include "access/preparedrights.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::DenyAssignment;
using Azure::Permission;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;
using Kind = Verdict::Kind;
using Level = Azure::Scope::Level;

namespace {

constexpr int mostOfAKind = 8; // reasons; nobody reads more
constexpr qsizetype mostRemembered = 1000;
const QString zeroGuid = u"00000000-0000-0000-0000-000000000000"_s;

bool anyMatches(const QStringList &patterns, const QString &action)
{
    return std::any_of(patterns.cbegin(), patterns.cend(),
                       [&](const QString &pattern) { return matchesAction(pattern, action); });
}

// Whether one permissions[] object grants; its Not lists count only here.
bool grants(const Permission &permission, const RequiredPermission &required)
{
    return required.isDataAction ? anyMatches(permission.dataActions, required.action) &&
                                       !anyMatches(permission.notDataActions, required.action)
                                 : anyMatches(permission.actions, required.action) &&
                                       !anyMatches(permission.notActions, required.action);
}

bool includes(const PreparedRole &role, const RequiredPermission &required)
{
    return std::any_of(
        role.permissions.cbegin(), role.permissions.cend(),
        [&](const PreparedPermission &one) { return grants(one.permission, required); });
}

enum class Reach { No, Maybe, Yes };

Reach reach(const Scope &scope, const EvaluationInput &input)
{
    if (scope.contains(input.scope))
        return Reach::Yes;
    if (scope.level() != Level::ManagementGroup)
        return Reach::No;
    const bool named = std::any_of(
        input.managementGroups.cbegin(), input.managementGroups.cend(),
        [&](const QString &group) { return scope.id().compare(group, Qt::CaseInsensitive) == 0; });
    return named ? Reach::Yes : input.managementGroupsKnown ? Reach::No : Reach::Maybe;
}

bool isNamed(const QString &principalId, const EvaluationInput &input)
{
    return input.principalIds.contains(principalId, Qt::CaseInsensitive);
}

// "ForeignGroup", "DirectoryObjectOrGroup", "Unknown" …: only what certainly is no group is left
// out.
bool mayBeItsGroup(const QString &type, const EvaluationInput &input)
{
    static const QStringList single{u"User"_s, u"ServicePrincipal"_s, u"MSI"_s, u"Application"_s,
                                    u"Device"_s};
    return !input.groupsKnown && !single.contains(type, Qt::CaseInsensitive);
}

Verdict::Kind kindOfMiss(const PreparedRole &role, const RequiredPermission &required)
{
    if (!required.isDataAction)
        return Kind::NotIncluded;
    if (role.dataServices.isEmpty())
        return Kind::NoDataActions;
    const bool reaches = std::any_of(
        role.dataServices.cbegin(), role.dataServices.cend(), [&](const QString &service) {
            return service.contains(u'*') ||
                   required.action.startsWith(service, Qt::CaseInsensitive);
        });
    return reaches ? Kind::NotIncluded : Kind::OtherService;
}

QString whyNot(const PreparedRole &prepared, const RequiredPermission &required)
{
    const RoleDefinition &role = prepared.definition;
    const auto any = [&](auto member) {
        return std::any_of(role.permissions.cbegin(), role.permissions.cend(),
                           [&](const Permission &permission) {
                               return anyMatches(permission.*member, required.action);
                           });
    };
    if (required.isDataAction) {
        if (prepared.dataServices.isEmpty())
            return u"%1 has no dataActions: it manages the account, but does not reach its data."_s
                .arg(role.name);
        if (any(&Permission::dataActions) && any(&Permission::notDataActions))
            return u"%1's notDataActions take %2 away."_s.arg(role.name,
                                                              shortAction(required.action));
    } else if (any(&Permission::actions) && any(&Permission::notActions)) {
        return u"%1's notActions take %2 away."_s.arg(role.name, shortAction(required.action));
    }
    return u"%1 does not include %2."_s.arg(role.name, shortAction(required.action));
}

} // namespace

QString serviceOf(const QString &action)
{
    return action.section(u'/', 0, 2).toLower();
}

QBitArray RightsMemory::granting(const PreparedRights &rights, const RequiredPermission &required)
{
    const QString key = (required.isDataAction ? u'd' : u'a') + required.action.toLower();
    const QMutexLocker locked(&m_mutex);
    if (const auto known = m_granting.constFind(key); known != m_granting.cend())
        return *known;
    QBitArray all(rights.roles.size());
    for (qsizetype i = 0; i < rights.roles.size(); ++i)
        all.setBit(i, includes(*rights.roles[i], required));
    if (m_granting.size() >= mostRemembered)
        m_granting.clear();
    m_granting.insert(key, all);
    return all;
}

std::shared_ptr<const QList<Concerned>> RightsMemory::concerning(const PreparedRights &rights,
                                                                 const EvaluationInput &input)
{
    const QString key =
        input.principalIds.join(u'\n').toLower() + (input.groupsKnown ? u"\n"_s : u"\n?"_s);
    const QMutexLocker locked(&m_mutex);
    if (const auto known = m_concerning.constFind(key); known != m_concerning.cend())
        return *known;
    QList<Concerned> all;
    if (input.groupsKnown) {
        for (const QString &id : input.principalIds) {
            for (const qsizetype index : rights.byPrincipal.values(id.toLower()))
                all.append({index, true});
        }
        const auto before = [](const Concerned &a, const Concerned &b) {
            return a.index < b.index;
        };
        const auto same = [](const Concerned &a, const Concerned &b) { return a.index == b.index; };
        std::sort(all.begin(), all.end(), before);
        all.erase(std::unique(all.begin(), all.end(), same), all.end());
    } else {
        for (qsizetype i = 0; i < rights.assignments.size(); ++i) {
            const RoleAssignment &one = rights.assignments[i].assignment;
            const bool its = isNamed(one.principalId, input);
            if (its || mayBeItsGroup(one.principalType, input))
                all.append({i, its});
        }
    }
    if (m_concerning.size() >= mostRemembered)
        m_concerning.clear();
    return m_concerning[key] = std::make_shared<const QList<Concerned>>(std::move(all));
}

Verdict PreparedRights::granted(const EvaluationInput &input,
                                const RequiredPermission &required) const
{
    const QBitArray granting = m_memory.granting(*this, required);
    const auto concerned = m_memory.concerning(*this, input);
    const QString scope = input.scope.id().toLower();
    QHash<Kind, int> told;
    QList<Verdict> all;
    for (const auto &[index, its] : *concerned) {
        const PreparedAssignment &one = assignments[index];
        const bool includes = one.roleIndex >= 0 && granting.testBit(one.roleIndex);
        const auto miss = plainMiss(one, its, includes, scope, input, required);
        if (miss == Kind::Other || (miss && ++told[*miss] > mostOfAKind))
            continue;
        Verdict verdict = assess(one, its, includes, input, required);
        if (verdict.decision == Decision::Allowed)
            return verdict;
        if (!miss && !verdict.because.isEmpty() &&
            ++told[verdict.because.first().kind] > mostOfAKind)
            verdict.because.clear();
        all.append(verdict);
    }
    return anyOf(all);
}

std::optional<Kind> PreparedRights::plainMiss(const PreparedAssignment &one, bool its,
                                              bool includes, const QString &scope,
                                              const EvaluationInput &input,
                                              const RequiredPermission &required) const
{
    const bool contains = one.scope == u"/" ||
                          (scope.startsWith(one.scope) &&
                           (scope.size() == one.scope.size() || scope[one.scope.size()] == u'/'));
    const bool reaches =
        contains || (one.atManagementGroup && reach(one.assignment.scope, input) != Reach::No);
    if (!one.role || (includes && reaches))
        return reaches ? std::nullopt : std::optional(Kind::Other);
    if (!its) // what somebody else's role lacks is no news
        return Kind::Other;
    if (includes)
        return Kind::Scope;
    return reaches ? kindOfMiss(*one.role, required) : Kind::Other;
}

// Denied where a deny assignment applies, Undecided where one may.
Verdict PreparedRights::denied(const EvaluationInput &input,
                               const RequiredPermission &required) const
{
    Verdict worst{Decision::Allowed, {}};
    for (const Deny &deny : denies) {
        const DenyAssignment &one = deny.assignment;
        const Reach here = one.doNotApplyToChildScopes
                               ? (one.scope == input.scope ? Reach::Yes : Reach::No)
                               : reach(one.scope, input);
        // All principals may not be excluded (deny-assignments.md), so what that would mean is
        // open.
        const auto named = [&](const QList<DenyAssignment::Principal> &principals,
                               Reach everybody) {
            Reach best = Reach::No;
            for (const DenyAssignment::Principal &principal : principals) {
                if (isNamed(principal.id, input))
                    return Reach::Yes;
                if (principal.id == zeroGuid)
                    best = std::max(best, everybody);
                else if (mayBeItsGroup(principal.type, input))
                    best = std::max(best, Reach::Maybe);
            }
            return best;
        };
        const Reach listed = named(one.principals, Reach::Yes);
        const Reach excluded = named(one.excludedPrincipals, Reach::Maybe);
        const bool matches =
            std::any_of(one.permissions.cbegin(), one.permissions.cend(),
                        [&](const Permission &permission) { return grants(permission, required); });
        if (here == Reach::No || listed == Reach::No || excluded == Reach::Yes || !matches)
            continue;
        const Verdict condition = deny.condition.holds(required, input.circumstances, input.scope,
                                                       one.scope, u"The deny assignment's"_s);
        if (condition.decision == Decision::Denied)
            continue;
        const QString by = one.isSystemProtected ? u"A system-protected deny assignment"_s
                                                 : u"A deny assignment"_s;
        if (here == Reach::Yes && listed == Reach::Yes && excluded == Reach::No &&
            condition.decision == Decision::Allowed)
            return {
                Decision::Denied,
                {{one.id, one.name, one.scope.id(),
                  u"%1 blocks %2, whatever roles grant."_s.arg(by, shortAction(required.action)),
                  Kind::Deny}}};
        worst.decision = Decision::Undecided;
        const QString why =
            here == Reach::Maybe
                ? u"whether its management group contains the subscription is not known"_s
            : condition.decision == Decision::Undecided
                ? u"whether its condition holds is not known"_s
                : u"the principal's groups are not known"_s;
        worst.because.append({one.id, one.name, one.scope.id(),
                              u"%1 may block %2: %3."_s.arg(by, shortAction(required.action), why),
                              Kind::Deny});
    }
    return worst;
}

Verdict PreparedRights::assess(const PreparedAssignment &one, bool its, bool includes,
                               const EvaluationInput &input,
                               const RequiredPermission &required) const
{
    const RoleAssignment &assignment = one.assignment;
    const Reach here = reach(assignment.scope, input);
    const auto verdict = [&](Decision decision, const QString &why, Kind kind) {
        return Verdict{decision,
                       {{assignment.id, one.roleName(), assignment.scope.id(), why, kind}}};
    };
    if (!one.role)
        return here == Reach::No ? Verdict{Decision::Denied, {}}
                                 : verdict(Decision::Undecided,
                                           u"The definition of this role is not known here."_s,
                                           Kind::UnknownRole);
    if (!includes)
        return here == Reach::No || !its ? Verdict{Decision::Denied, {}}
                                         : verdict(Decision::Denied, whyNot(*one.role, required),
                                                   kindOfMiss(*one.role, required));
    if (here == Reach::No)
        return its ? verdict(Decision::Denied,
                             u"%1 allows it, but only at %2."_s.arg(one.roleName(),
                                                                    assignment.scope.lastName()),
                             Kind::Scope)
                   : Verdict{Decision::Denied, {}};
    const Verdict condition = conditional(one, input, required);
    if (condition.decision == Decision::Denied)
        return its ? condition : Verdict{Decision::Denied, {}};
    if (!its)
        return verdict(
            Decision::Undecided,
            u"%1 allows it for %2; whether the principal is a member of that group is not known."_s
                .arg(one.roleName(), assignment.principalId),
            Kind::Group);
    if (here == Reach::Maybe)
        return verdict(
            Decision::Undecided,
            u"%1 allows it at %2; whether that management group contains the subscription is not known."_s
                .arg(one.roleName(), assignment.scope.lastName()),
            Kind::ManagementGroup);
    return condition;
}

// A role that includes the permission and reaches the place: the conditions and the Databricks rule
// have the last word.
Verdict PreparedRights::conditional(const PreparedAssignment &one, const EvaluationInput &input,
                                    const RequiredPermission &required) const
{
    const RoleAssignment &assignment = one.assignment;
    const auto verdict = [&](Decision decision, const QString &why, Kind kind = Kind::Databricks) {
        return Verdict{decision,
                       {{assignment.id, one.roleName(), assignment.scope.id(), why, kind}}};
    };
    // authorize-access-azure-active-directory.md: with an Azure Databricks workspace in the
    // subscription, roles scoped to the subscription grant no access to blob and queue data. Of
    // roles above the subscription the documents say only that they are inherited; where a
    // workspace is known to be there, that is not trusted.
    const bool isStorageData =
        required.isDataAction &&
        (matchesAction(u"Microsoft.Storage/storageAccounts/blobServices/*", required.action) ||
         matchesAction(u"Microsoft.Storage/storageAccounts/queueServices/*", required.action));
    const Level level = assignment.scope.level();
    const bool fromAbove = level == Level::ManagementGroup || level == Level::Root;
    const std::optional<bool> databricks = input.circumstances.subscriptionContainsDatabricks;
    if (isStorageData && level == Level::Subscription && databricks.value_or(false))
        return verdict(Decision::Denied,
                       u"%1 is assigned at the subscription, and a subscription with an Azure "
                       u"Databricks workspace "
                       "grants no blob or queue data from there."_s.arg(one.roleName()));

    // The definition's own conditions belong each to one permissions[] object; one that grants is
    // enough.
    QList<Verdict> own;
    for (const PreparedPermission &permission : one.role->permissions) {
        if (grants(permission.permission, required))
            own.append(permission.condition.holds(required, input.circumstances, input.scope,
                                                  assignment.scope, u"The role's own"_s));
    }
    Verdict all = allOf({one.condition.holds(required, input.circumstances, input.scope,
                                             assignment.scope, u"The assignment's"_s),
                         anyOf(own)});
    for (Verdict::Because &because : all.because) {
        because.assignment = assignment.id;
        because.role = one.roleName();
        because.scope = assignment.scope.id();
        because.kind = Kind::Condition;
        because.why.prepend(
            u"%1 allows it at %2, but: "_s.arg(one.roleName(), assignment.scope.lastName()));
    }
    if (all.decision != Decision::Allowed)
        return all;
    if (isStorageData && ((fromAbove && databricks.value_or(false)) ||
                          (level == Level::Subscription && !databricks))) {
        return verdict(
            Decision::Undecided,
            u"%1 allows it from above the resource group; with an Azure Databricks workspace in "
            u"the "
            "subscription that would not count for blob data%2."_s.arg(
                one.roleName(), databricks ? u""_s : u", and whether there is one is not known"_s));
    }
    return verdict(
        Decision::Allowed,
        u"%1 allows it at %2%3."_s.arg(one.roleName(), assignment.scope.lastName(),
                                       one.condition.isNone() ? u""_s : u": the condition holds"_s),
        Kind::Grants);
}

} // namespace Access
