#include "access/rolecatalogue.h"

#include "access/verdict.h"

#include <algorithm>
#include <tuple>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::Permission;
using Azure::RoleDefinition;

namespace {

bool any(const QStringList &patterns, const QString &operation)
{
    return std::any_of(patterns.cbegin(), patterns.cend(),
                       [&](const QString &one) { return matchesAction(one, operation); });
}

bool allows(const Permission &one, const QString &operation, bool data)
{
    return data ? any(one.dataActions, operation) && !any(one.notDataActions, operation)
                : any(one.actions, operation) && !any(one.notActions, operation);
}

bool allows(const RoleDefinition &role, const QString &operation, bool data)
{
    return std::any_of(role.permissions.cbegin(), role.permissions.cend(),
                       [&](const Permission &one) { return allows(one, operation, data); });
}

bool changes(const QString &pattern)
{
    // A user delegation key signs only what its caller may do anyway.
    return !pattern.endsWith(u"/read", Qt::CaseInsensitive) &&
           !pattern.endsWith(u"/generateUserDelegationKey/action", Qt::CaseInsensitive);
}

// What opens more than it says: keys, tokens and passwords of other things.
bool opensMore(const RoleDefinition &role)
{
    static const QStringList secrets{
        u"Microsoft.Storage/storageAccounts/listKeys/action"_s,
        u"Microsoft.Storage/storageAccounts/listAccountSas/action"_s,
        u"Microsoft.ContainerRegistry/registries/listCredentials/action"_s,
        u"Microsoft.DocumentDB/databaseAccounts/listKeys/action"_s,
        u"Microsoft.Web/sites/config/list/action"_s};
    return std::any_of(secrets.cbegin(), secrets.cend(),
                       [&](const QString &one) { return allows(role, one, false); }) ||
           allows(role, u"Microsoft.KeyVault/vaults/secrets/getSecret/action"_s, true);
}

bool handsOnRights(const RoleDefinition &role)
{
    return allows(role, u"Microsoft.Authorization/roleAssignments/write"_s, false) ||
           allows(role, u"Microsoft.Authorization/elevateAccess/action"_s, false);
}

} // namespace

RoleSummary summaryOf(const RoleDefinition &role)
{
    RoleSummary summary;
    bool everything = false;
    bool wholeProvider = false;
    bool writes = false;
    for (const Permission &one : role.permissions) {
        summary.reachesData = summary.reachesData || !one.dataActions.isEmpty();
        for (const QStringList &patterns : {one.actions, one.dataActions}) {
            for (const QString &pattern : patterns) {
                ++summary.permissions;
                summary.wildcards += pattern.contains(u'*') ? 1 : 0;
                everything = everything || pattern == u"*";
                wholeProvider =
                    wholeProvider || (pattern.endsWith(u"/*") && pattern.count(u'/') == 1 &&
                                      pattern != u"Microsoft.Support/*");
                writes = writes || changes(pattern);
            }
        }
    }
    const auto mark = [&](Risk risk, const QString &why) {
        summary.risk = risk;
        summary.why = why;
        return summary;
    };
    if (handsOnRights(role))
        return mark(Risk::Highest, u"can give rights to itself and others"_s);
    if (everything)
        return mark(Risk::Highest, u"allows everything but what it excludes"_s);
    if (opensMore(role))
        return mark(Risk::High, u"can read keys or secrets that open more than this role says"_s);
    if (wholeProvider)
        return mark(Risk::High, u"allows all that a resource provider offers"_s);
    if (writes)
        return mark(Risk::Medium, u"can change or delete"_s);
    return mark(Risk::Low, u"only reads"_s);
}

QString riskName(Risk risk)
{
    switch (risk) {
    case Risk::Low: return u"low"_s;
    case Risk::Medium: return u"medium"_s;
    case Risk::High: return u"high"_s;
    case Risk::Highest: return u"highest"_s;
    }
    return {};
}

// Patterns such as Microsoft.Storage/* in actions say nothing of it.
std::optional<bool> isDataAction(const QList<RoleDefinition> &roles, const QString &operation)
{
    bool data = false;
    for (const RoleDefinition &role : roles) {
        for (const Permission &one : role.permissions) {
            data = data || allows(one, operation, true);
            if (one.actions.contains(operation, Qt::CaseInsensitive))
                return false;
        }
    }
    return data ? std::optional(true) : std::nullopt;
}

QList<RoleDefinition> rolesAllowing(const QList<RoleDefinition> &roles, const QString &operation)
{
    const bool data = isDataAction(roles, operation) == true;
    QList<std::tuple<int, int, QString, qsizetype>> order;
    for (qsizetype i = 0; i < roles.size(); ++i) {
        if (!allows(roles[i], operation, true) && (data || !allows(roles[i], operation, false)))
            continue;
        const RoleSummary summary = summaryOf(roles[i]);
        order.append(
            {int(summary.risk), summary.permissions + 10 * summary.wildcards, roles[i].name, i});
    }
    std::sort(order.begin(), order.end());
    QList<RoleDefinition> found;
    for (const auto &one : order)
        found.append(roles[std::get<3>(one)]);
    return found;
}

QList<RoleDefinition> searchRoles(const QList<RoleDefinition> &roles, const QString &text)
{
    QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    QList<RoleDefinition> candidates = roles;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (!word.contains(u'/'))
            continue;
        candidates = rolesAllowing(candidates, word);
        words.removeOne(word);
        if (words.isEmpty())
            return candidates;
    }
    QList<std::tuple<int, QString, qsizetype>> order;
    for (qsizetype i = 0; i < candidates.size(); ++i) {
        const RoleDefinition &role = candidates[i];
        const QString whole = role.name + u' ' + role.description + u' ' + role.id;
        if (!std::all_of(words.cbegin(), words.cend(), [&](const QString &word) {
                return whole.contains(word, Qt::CaseInsensitive);
            }))
            continue;
        const auto inName = std::count_if(words.cbegin(), words.cend(), [&](const QString &word) {
            return role.name.contains(word, Qt::CaseInsensitive);
        });
        order.append({-int(inName), role.name.toLower(), i});
    }
    std::sort(order.begin(), order.end());
    QList<RoleDefinition> found;
    for (const auto &one : order)
        found.append(candidates[std::get<2>(one)]);
    return found;
}

std::optional<RoleDefinition> findRole(const QList<RoleDefinition> &roles, const QString &nameOrId)
{
    const QString id = nameOrId.trimmed().section(u'/', -1);
    for (const RoleDefinition &role : roles) {
        if (role.name.compare(nameOrId.trimmed(), Qt::CaseInsensitive) == 0 ||
            role.id.compare(id, Qt::CaseInsensitive) == 0)
            return role;
    }
    return std::nullopt;
}

} // namespace Access
