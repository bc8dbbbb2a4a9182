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

// add/action creates a blob, but replaces none (REST reference of Put Blob: 403
// UnauthorizedBlobOverwrite).
Verdict addsOnly(const RoleEvaluator &roles, const EvaluationInput &input)
{
    const bool creates = isOperation(input, {"Put Blob"_L1, "Put Blob from URL"_L1, "Copy Blob"_L1,
                                             "Copy Blob from URL"_L1, "Incremental Copy Blob"_L1,
                                             "Path - Create file or directory"_L1});
    QList<Verdict> alternatives;
    for (const QList<RequiredPermission> &needed : input.requirement) {
        EvaluationInput one = input;
        one.requirement = {needed};
        Verdict verdict = roles.evaluate(one);
        const bool byAdding =
            std::any_of(needed.cbegin(), needed.cend(), [](const RequiredPermission &required) {
                return required.action.compare(blobs + u"add/action"_s, Qt::CaseInsensitive) == 0;
            });
        if (creates && byAdding && verdict.decision == Decision::Allowed &&
            input.circumstances.blobExists != false) {
            const bool exists = input.circumstances.blobExists.has_value();
            verdict.decision = exists ? Decision::Denied : Decision::Undecided;
            for (Verdict::Because &because : verdict.because)
                because.why +=
                    exists
                        ? u" But add/action creates new blobs only, and this one exists."_s
                        : u" But add/action creates new blobs only, and whether this one exists is not known."_s;
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

bool deniedByAssignment(const RoleEvaluator &roles, const EvaluationInput &input)
{
    return std::all_of(input.requirement.cbegin(), input.requirement.cend(),
                       [&](const QList<RequiredPermission> &needed) {
                           return std::any_of(needed.cbegin(), needed.cend(),
                                              [&](const RequiredPermission &required) {
                                                  return roles.isBlocked(input, required);
                                              });
                       });
}

Verdict hierarchical(const RoleEvaluator &roles, EvaluationInput input)
{
    input.circumstances.hierarchicalNamespace = true;
    Verdict byRoles = addsOnly(roles, input);
    if (byRoles.decision == Decision::Allowed)
        return byRoles;
    // runAsSuperUser stands for every data operation here (storage-auth-abac-attributes.md).
    EvaluationInput asSuperUser = input;
    asSuperUser.requirement = {{{blobs + u"runAsSuperUser/action"_s, true}}};
    if (const Verdict superUser = roles.evaluate(asSuperUser);
        superUser.decision != Decision::Denied)
        byRoles = anyOf({byRoles, superUser});
    if (byRoles.decision == Decision::Allowed || deniedByAssignment(roles, input))
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
    return anyOf({byRoles, byLists});
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
