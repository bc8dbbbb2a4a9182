#include "sandbox/scenariorights.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

/// "account:NAME", "container:ACCOUNT/NAME", "resourceGroup:NAME" or a resource ID.
Azure::Scope readScope(const Place &place, const Scenario &scenario)
{
    const QString text = place.needed(u"scope"_s);
    const QString kind = text.section(u':', 0, 0);
    const QString name = text.section(u':', 1);
    if (kind == u"account" || kind == u"container") {
        const Account *account = scenario.account(name.section(u'/', 0, 0));
        if (!account) {
            place.complain(u"scope"_s, u"no account of this name is in accounts"_s);
            return {};
        }
        return kind == u"account" ? account->scope()
                                  : account->scope().container(name.section(u'/', 1));
    }
    if (kind == u"resourceGroup") {
        for (const ResourceGroup &group : scenario.resourceGroups) {
            if (group.name == name)
                return group.scope();
        }
        place.complain(u"scope"_s, u"no resource group of this name is in resourceGroups"_s);
        return {};
    }
    const auto scope = Azure::Scope::parse(text);
    if (!scope)
        place.complain(
            u"scope"_s,
            u"account:NAME, container:ACCOUNT/NAME, resourceGroup:NAME or a resource ID is needed"_s);
    return scope.value_or({});
}

QString roleOf(const Place &place, const Scenario &scenario)
{
    const QString role = place.needed(u"role"_s);
    for (const Azure::RoleDefinition &definition : scenario.definitions) {
        if (definition.id.compare(role, Qt::CaseInsensitive) == 0 ||
            definition.name.compare(role, Qt::CaseInsensitive) == 0)
            return definition.id;
    }
    place.complain(u"role"_s, u"no role of this name or ID is known"_s);
    return {};
}

/// Of a principal, a group or a user; empty where there is none of that name.
QString objectIdOf(const QString &name, const Scenario &scenario)
{
    for (const Principal &principal : scenario.principals) {
        if (principal.name == name)
            return principal.objectId;
    }
    for (const Group &group : scenario.groups) {
        if (group.name == name)
            return group.id;
    }
    for (const User &user : scenario.users) {
        if (user.name == name)
            return user.objectId;
    }
    return {};
}

Azure::RoleAssignment readAssignment(const Place &place, Scenario &scenario)
{
    place.only({u"id"_s, u"principal"_s, u"role"_s, u"scope"_s, u"condition"_s, u"description"_s,
                u"effectiveAfterSeconds"_s});
    Azure::RoleAssignment assignment;
    assignment.scope = readScope(place, scenario);
    const QString prefix = assignment.scope.id() == u"/" ? QString() : assignment.scope.id();
    assignment.id =
        prefix + u"/providers/Microsoft.Authorization/roleAssignments/"_s + place.guid(u"id"_s);
    assignment.roleDefinitionId = roleOf(place, scenario);
    assignment.principalType = u"ServicePrincipal"_s;
    assignment.description = place.text(u"description"_s);
    assignment.condition = place.text(u"condition"_s);
    if (!assignment.condition.isEmpty())
        assignment.conditionVersion = u"2.0"_s;
    if (const qint64 delay = place.number(u"effectiveAfterSeconds"_s, 0, 0, 86400); delay > 0)
        scenario.delays.insert(assignment.id, delay);
    const QString name = place.needed(u"principal"_s);
    assignment.principalId = objectIdOf(name, scenario);
    if (assignment.principalId.isEmpty())
        place.complain(u"principal"_s, u"no principal or group of this name is in principals or groups"_s);
    for (const Group &group : scenario.groups) {
        if (group.id == assignment.principalId)
            assignment.principalType = u"Group"_s;
    }
    if (scenario.userOfObject(assignment.principalId))
        assignment.principalType = u"User"_s;
    return assignment;
}

Group readGroup(const Place &place, const Scenario &scenario)
{
    place.only({u"id"_s, u"name"_s, u"members"_s});
    Group group{place.guid(u"id"_s), place.needed(u"name"_s), {}};
    for (const QString &name : place.strings(u"members"_s)) {
        const QString id = objectIdOf(name, scenario);
        if (id.isEmpty())
            place.complain(u"members"_s, u"no principal of the name %1 is in principals"_s.arg(name));
        group.members.append(id);
    }
    return group;
}

/// "*" stands for everybody.
QList<Azure::DenyAssignment::Principal> readDenied(const Place &place, const QString &key, const Scenario &scenario)
{
    QList<Azure::DenyAssignment::Principal> principals;
    for (const QString &name : place.strings(key)) {
        const QString id = name == u"*" ? u"00000000-0000-0000-0000-000000000000"_s : objectIdOf(name, scenario);
        if (id.isEmpty())
            place.complain(key, u"no principal or group of the name %1 is there"_s.arg(name));
        const bool group = std::any_of(scenario.groups.begin(), scenario.groups.end(), [&](const Group &one) { return one.id == id; });
        principals.append({id, name == u"*" ? u"SystemDefined"_s : group ? u"Group"_s : u"ServicePrincipal"_s});
    }
    return principals;
}

Azure::DenyAssignment readDeny(const Place &place, const Scenario &scenario)
{
    place.only({u"id"_s, u"name"_s, u"scope"_s, u"actions"_s, u"notActions"_s, u"dataActions"_s, u"notDataActions"_s,
                u"principals"_s, u"exceptPrincipals"_s, u"doNotApplyToChildScopes"_s});
    Azure::DenyAssignment deny;
    deny.scope = readScope(place, scenario);
    deny.id = deny.scope.id() + u"/providers/Microsoft.Authorization/denyAssignments/"_s + place.guid(u"id"_s);
    deny.name = place.needed(u"name"_s);
    deny.permissions = {{place.strings(u"actions"_s), place.strings(u"notActions"_s), place.strings(u"dataActions"_s),
                         place.strings(u"notDataActions"_s), {}, {}}};
    deny.principals = readDenied(place, u"principals"_s, scenario);
    deny.excludedPrincipals = readDenied(place, u"exceptPrincipals"_s, scenario);
    deny.doNotApplyToChildScopes = place.flag(u"doNotApplyToChildScopes"_s);
    deny.isSystemProtected = true;
    return deny;
}

/// {"PRINCIPAL or GROUP": {"CONTAINER": {"PATH": "r-x"}}}, of an account that is there already.
void readAcl(const Place &place, Scenario &scenario, Account &account)
{
    const QJsonObject acl = place.object().value(u"acl"_s).toObject();
    if (!acl.isEmpty() && !account.hierarchicalNamespace)
        place.complain(u"acl"_s, u"ACLs need hierarchicalNamespace"_s);
    for (auto who = acl.begin(); who != acl.end(); ++who) {
        const QString id = objectIdOf(who.key(), scenario);
        if (id.isEmpty())
            place.complain(u"acl"_s, u"no principal or group of the name %1 is there"_s.arg(who.key()));
        const QJsonObject containers = who.value().toObject();
        for (auto container = containers.begin(); container != containers.end(); ++container) {
            const QJsonObject paths = container.value().toObject();
            for (auto path = paths.begin(); path != paths.end(); ++path) {
                static const QRegularExpression form(u"^[r-][w-][x-]$"_s);
                if (!form.match(path.value().toString()).hasMatch())
                    place.complain(u"acl"_s, u"%1 is not of the form r-x"_s.arg(path.value().toString()));
                account.acl[id][container.key()].insert(path.key(), path.value().toString());
            }
        }
    }
}

} // namespace

void readRights(const Place &file, Scenario &scenario)
{
    for (const Place &place : file.list(u"groups"_s))
        scenario.groups.append(readGroup(place, scenario));
    const QList<Place> places = file.list(u"accounts"_s);
    for (qsizetype i = 0; i < places.size(); ++i)
        readAcl(places[i], scenario, scenario.accounts[i]);
    for (const Place &place : file.list(u"roleAssignments"_s))
        scenario.assignments.append(readAssignment(place, scenario));
    for (const Place &place : file.list(u"denyAssignments"_s))
        scenario.denies.append(readDeny(place, scenario));
}

} // namespace Sandbox
