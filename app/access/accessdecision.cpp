#include "access/accessdecision.h"

#include "access/accesscontrollist.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

const QString containers = u"Microsoft.Storage/storageAccounts/blobServices/containers/"_s;
const QString blobs = containers + u"blobs/"_s;

bool isOperation(const EvaluationInput &input, std::initializer_list<QLatin1String> names)
{
    return std::any_of(names.begin(), names.end(), [&](QLatin1String name) {
        return input.circumstances.operation.compare(name, Qt::CaseInsensitive) == 0;
    });
}

bool asksBlobData(const EvaluationInput &input)
{
    return std::any_of(input.requirement.cbegin(), input.requirement.cend(),
                       [](const QList<RequiredPermission> &needed) {
                           return std::any_of(needed.cbegin(), needed.cend(),
                                              [](const RequiredPermission &required) {
                                                  return required.isDataAction &&
                                                         required.action.startsWith(
                                                             blobs, Qt::CaseInsensitive);
                                              });
                       });
}

enum class Creates { No, Maybe, Yes };

Creates createsBlob(const EvaluationInput &input)
{
    if (isOperation(input, {"Put Blob"_L1, "Put Blob from URL"_L1, "Copy Blob"_L1,
                            "Copy Blob from URL"_L1, "Incremental Copy Blob"_L1,
                            "Path - Create file or directory"_L1}))
        return Creates::Yes;
    const QString &name = input.circumstances.operation;
    const bool addsToABlob = name.contains(u"Append"_s, Qt::CaseInsensitive) ||
                             name.contains(u"Snapshot"_s, Qt::CaseInsensitive);
    return addsToABlob ? Creates::No : Creates::Maybe; // an unnamed operation may be any
}

QString butOnlyNew(bool exists, Creates creates)
{
    return u" But %1 new blobs only, and %2."_s.arg(
        creates == Creates::Yes ? u"add/action creates"_s : u"where this creates, add/action does"_s,
        exists ? u"this one exists"_s : u"whether this one exists is not known"_s);
}

// add/action creates a blob, but replaces none (REST reference of Put Blob: 403
// UnauthorizedBlobOverwrite).
Verdict addsOnly(const RoleEvaluator &roles, const EvaluationInput &input)
{
    const Creates creates = createsBlob(input);
    QList<Verdict> alternatives;
    for (const QList<RequiredPermission> &needed : input.requirement) {
        EvaluationInput one = input;
        one.requirement = {needed};
        Verdict verdict = roles.evaluate(one);
        const bool byAdding =
            std::any_of(needed.cbegin(), needed.cend(), [](const RequiredPermission &required) {
                return required.action.compare(blobs + u"add/action"_s, Qt::CaseInsensitive) == 0;
            });
        if (creates != Creates::No && byAdding && verdict.decision == Decision::Allowed &&
            input.circumstances.blobExists != false) {
            const bool exists = input.circumstances.blobExists.has_value();
            const bool certain = exists && creates == Creates::Yes;
            verdict.decision = certain ? Decision::Denied : Decision::Undecided;
            for (Verdict::Because &because : verdict.because)
                because.why += butOnlyNew(exists, creates);
        }
        alternatives.append(verdict);
    }
    return anyOf(alternatives);
}

bool roleReads(const RoleEvaluator &roles, EvaluationInput input)
{
    input.requirement = {{{blobs + u"read"_s, true}}};
    input.circumstances.subOperation = std::optional<QString>();
    return roles.evaluate(input).decision == Decision::Allowed;
}

// What deny assignments make of the operation itself, for what grants it by other permissions.
Verdict deniedByAssignment(const RoleEvaluator &roles, const EvaluationInput &input)
{
    QList<Verdict> alternatives;
    for (const QList<RequiredPermission> &needed : input.requirement) {
        QList<Verdict> each;
        for (const RequiredPermission &required : needed)
            each.append(roles.denied(input, required));
        alternatives.append(allOf(each));
    }
    return anyOf(alternatives);
}

Verdict hierarchical(const RoleEvaluator &roles, EvaluationInput input)
{
    input.circumstances.hierarchicalNamespace = true;
    Verdict byRoles = addsOnly(roles, input);
    if (byRoles.decision == Decision::Allowed)
        return byRoles;
    // Deny assignments come before all that grants (deny-assignments.md).
    const Verdict denial = deniedByAssignment(roles, input);
    if (denial.decision == Decision::Denied)
        return byRoles;
    // runAsSuperUser stands for every data operation here (storage-auth-abac-attributes.md).
    EvaluationInput asSuperUser = input;
    asSuperUser.requirement = {{{blobs + u"runAsSuperUser/action"_s, true}}};
    if (const Verdict superUser = roles.evaluate(asSuperUser);
        superUser.decision != Decision::Denied)
        byRoles = anyOf({byRoles, allOf({superUser, denial})});
    if (byRoles.decision == Decision::Allowed)
        return byRoles;
    Verdict byLists = accessByList(input.circumstances, input.scope, roleReads(roles, input));
    // The documents check no ACL for a SAS, and say in another place that it can do what the one
    // who signed it can.
    if (input.circumstances.authorization == Circumstances::Authorization::UserDelegationSas &&
        byLists.decision == Decision::Allowed) {
        byLists.decision = Decision::Undecided;
        for (Verdict::Because &because : byLists.because)
            because.why +=
                u" But whether that counts for a user delegation SAS is not documented."_s;
    }
    return anyOf({byRoles, allOf({byLists, denial})});
}

Verdict flat(const RoleEvaluator &roles, EvaluationInput input)
{
    input.circumstances.hierarchicalNamespace = false;
    return addsOnly(roles, input);
}

Verdict decidePermissions(const RoleEvaluator &roles, const EvaluationInput &input)
{
    if (!asksBlobData(input))
        return roles.evaluate(input);
    const std::optional<bool> namespaces = input.circumstances.knownHierarchicalNamespace();
    if (namespaces)
        return *namespaces ? hierarchical(roles, input) : flat(roles, input);
    return eitherWay(
        flat(roles, input), hierarchical(roles, input),
        u"Whether the account has a hierarchical namespace, where ACLs may allow it, is not known."_s);
}

} // namespace

Verdict decide(const RoleEvaluator &roles, const EvaluationInput &input)
{
    if (input.circumstances.authorization == Circumstances::Authorization::SharedKey)
        return {
            Decision::Allowed,
            {{{}, {}, {}, u"The account's key is asked for no role, no condition and no ACL."_s}}};
    if (!isOperation(input, {"Set Blob Legal Hold"_L1}))
        return decidePermissions(roles, input);
    // The REST reference and the page on conditions name different permissions.
    EvaluationInput byReference = input;
    byReference.requirement = {{{containers + u"write"_s, false}}};
    EvaluationInput byConditions = input;
    byConditions.requirement = {{{blobs + u"immutableStorage/runAsSuperUser/action"_s, true}}};
    return eitherWay(decidePermissions(roles, byReference), decidePermissions(roles, byConditions),
                     u"The documents name two different permissions for a legal hold."_s);
}

} // namespace Access
