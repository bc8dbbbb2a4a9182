#include "sandbox/armrolewriting.h"

#include "sandbox/armdocuments.h"

#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr int s_bad = 400;
const QString s_builtIn = u"BuiltInRole"_s;
/// From this version on the answer tells which assignment is in the way.
const QString s_versionThatTellsMore = u"2022-04-01"_s;

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QString idOf(const Azure::Scope &scope, const QString &name)
{
    const QString prefix = scope.id() == u"/" ? QString() : scope.id();
    return prefix + u"/providers/Microsoft.Authorization/roleAssignments/"_s + name;
}

} // namespace

ArmRoleWriting::ArmRoleWriting(const Scenario &scenario, const Authorizer &authorizer,
                               RoleRegister &roles, const Directory &directory,
                               const ArmCaller &caller)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_roles(roles)
    , m_directory(directory)
    , m_caller(caller)
{
}

/// Empty where the tenant has no such principal, or Resource Manager has not heard of it yet.
QString ArmRoleWriting::principalType(const QString &objectId) const
{
    const User *user = m_scenario.userOfObject(objectId);
    if (user && same(user->tenant, m_caller.tenant))
        return u"User"_s;
    const DirectoryObject *object =
        m_directory.object(Directory::Replica::ResourceManager, objectId, m_caller.now);
    if (!object || !same(object->tenant, m_caller.tenant))
        return {};
    switch (object->kind) {
    case DirectoryObject::Kind::ServicePrincipal: return u"ServicePrincipal"_s;
    case DirectoryObject::Kind::Group: return u"Group"_s;
    case DirectoryObject::Kind::User:
    case DirectoryObject::Kind::Application: break;
    }
    return {};
}

std::optional<ArmFailure> ArmRoleWriting::wrong(const Azure::RoleAssignment &wanted,
                                                const QString &apiVersion) const
{
    const QString name = wanted.id.section(u'/', -1);
    if (QUuid::fromString(name).isNull())
        return ArmFailure{s_bad, u"InvalidRoleAssignmentId"_s,
                          u"The role assignment ID '%1' is not valid. The role assignment ID must "
                          "be a GUID."_s.arg(name)};
    if (QUuid::fromString(wanted.principalId).isNull())
        return ArmFailure{s_bad, u"InvalidPrincipalId"_s,
                          u"The Principal ID '%1' is not valid. Principal ID must be a GUID."_s.arg(
                              wanted.principalId)};
    if (!m_roles.definition(wanted.roleDefinitionId))
        return ArmFailure{404, u"RoleDefinitionDoesNotExist"_s,
                          u"The specified role definition with ID '%1' does not exist."_s.arg(
                              QUuid::fromString(wanted.roleDefinitionId).toString(QUuid::Id128))};
    const QString type = principalType(wanted.principalId);
    if (type.isEmpty())
        return ArmFailure{
            s_bad, u"PrincipalNotFound"_s,
            u"Principal %1 does not exist in the directory %2."_s.arg(
                QUuid::fromString(wanted.principalId).toString(QUuid::Id128), m_caller.tenant)};
    if (!wanted.principalType.isEmpty() && !same(wanted.principalType, type))
        return ArmFailure{s_bad, u"UnmatchedPrincipalType"_s,
                          u"The PrincipalId '%1' has type '%2' , which is different from specified "
                          "PrinciaplType '%3'."_s.arg(
                              QUuid::fromString(wanted.principalId).toString(QUuid::Id128), type,
                              wanted.principalType)};
    for (const Azure::RoleAssignment &one : m_roles.assignments()) {
        const bool samePlace = one.scope == wanted.scope;
        const bool sameGrant = same(one.principalId, wanted.principalId) &&
                               same(one.roleDefinitionId, wanted.roleDefinitionId);
        if (same(one.id, wanted.id) && !sameGrant)
            return ArmFailure{
                s_bad, u"RoleAssignmentUpdateNotPermitted"_s,
                u"Tenant ID, application ID, principal ID, and scope are not allowed to be updated."_s};
        if (!same(one.id, wanted.id) && samePlace && sameGrant) {
            const QString existing =
                QUuid::fromString(one.id.section(u'/', -1)).toString(QUuid::Id128);
            return ArmFailure{
                409, u"RoleAssignmentExists"_s,
                apiVersion < s_versionThatTellsMore
                    ? u"The role assignment already exists."_s
                    : u"The role assignment already exists. The ID of the existing role assignment is %1."_s
                          .arg(existing)};
        }
    }
    return std::nullopt;
}

ArmFound ArmRoleWriting::assign(const Azure::Scope &scope, const QString &name,
                                const QJsonObject &body, const QString &apiVersion)
{
    const QJsonObject given = body.value(u"properties"_s).toObject();
    Azure::RoleAssignment wanted;
    wanted.scope = scope;
    wanted.id = idOf(scope, name.toLower());
    wanted.roleDefinitionId =
        given.value(u"roleDefinitionId"_s).toString().section(u'/', -1).toLower();
    wanted.principalId = given.value(u"principalId"_s).toString().toLower();
    wanted.principalType = given.value(u"principalType"_s).toString();
    wanted.condition = given.value(u"condition"_s).toString();
    wanted.conditionVersion = given.value(u"conditionVersion"_s).toString();
    wanted.description = given.value(u"description"_s).toString();
    if (const auto failure = wrong(wanted, apiVersion))
        return *failure;
    wanted.principalType = principalType(wanted.principalId);
    const bool isNew = m_roles.assignment(wanted.id) == nullptr;
    m_roles.assign(wanted, m_caller.objectId, m_caller.now);
    QJsonObject document = documentOf(wanted);
    if (isNew) { // Resource Manager does not tell the creator before the second look
        QJsonObject properties = document.value(u"properties"_s).toObject();
        properties.insert(u"createdBy"_s, QJsonValue::Null);
        document.insert(u"properties"_s, properties);
    }
    return ArmDocument{document, 201};
}

QJsonObject ArmRoleWriting::documentOf(const Azure::RoleAssignment &assignment) const
{
    return roleAssignmentDocument(assignment, m_roles.history(assignment.id));
}

ArmFound ArmRoleWriting::unassign(const Azure::Scope &scope, const QString &name)
{
    const Azure::RoleAssignment *found = m_roles.assignment(idOf(scope, name));
    if (!found)
        return ArmDocument{{}, 204};
    const QJsonObject document = documentOf(*found);
    m_roles.unassign(QString(found->id), m_caller.now);
    return ArmDocument{document};
}

std::optional<ArmFailure> ArmRoleWriting::wrong(const Azure::RoleDefinition &wanted) const
{
    if (QUuid::fromString(wanted.id).isNull())
        return ArmFailure{s_bad, u"InvalidRoleDefinitionId"_s,
                          u"The role definition ID '%1' is not valid. The role definition ID must "
                          "be a GUID."_s.arg(wanted.id)};
    if (wanted.name.isEmpty() || wanted.assignableScopes.isEmpty())
        return ArmFailure{s_bad, u"InvalidRoleDefinition"_s,
                          u"A role definition needs a roleName and assignableScopes."_s};
    for (const Azure::RoleDefinition &one : m_roles.definitions()) {
        if (same(one.id, wanted.id) && one.type == s_builtIn)
            return ArmFailure{s_bad, u"RoleDefinitionUpdateNotPermitted"_s,
                              u"Built-in role definitions cannot be changed."_s};
        if (!same(one.id, wanted.id) && same(one.name, wanted.name))
            return ArmFailure{409, u"RoleDefinitionWithSameNameExists"_s,
                              u"A custom role with the same name already exists in this directory. "
                              "Use a different name."_s};
    }
    for (const QString &id : wanted.assignableScopes) {
        const auto scope = Azure::Scope::parse(id);
        // Only built-in roles are assignable at the root.
        if (!scope || scope->level() == Azure::Scope::Level::Root)
            return ArmFailure{s_bad, u"InvalidAssignableScope"_s,
                              u"The assignable scope '%1' is not valid."_s.arg(id)};
    }
    // A change of the role reaches the places where it is assignable now, and the new ones.
    QStringList scopes = wanted.assignableScopes;
    if (const Azure::RoleDefinition *known = m_roles.definition(wanted.id))
        scopes += known->assignableScopes;
    return notAllowedEverywhere(u"Microsoft.Authorization/roleDefinitions/write"_s, scopes);
}

std::optional<ArmFailure> ArmRoleWriting::notAllowedEverywhere(const QString &action,
                                                               const QStringList &scopes) const
{
    for (const QString &id : scopes) {
        const auto scope = Azure::Scope::parse(id);
        if (!scope || !m_authorizer.allows(m_caller.objectId, action, *scope, m_caller.now))
            return armForbidden(m_caller, action, scope.value_or({}));
    }
    return std::nullopt;
}

ArmFound ArmRoleWriting::define(const QString &id, const QJsonObject &body)
{
    const QJsonObject given = body.value(u"properties"_s).toObject();
    Azure::RoleDefinition wanted;
    wanted.id = id.toLower();
    wanted.name = given.value(u"roleName"_s).toString();
    wanted.description = given.value(u"description"_s).toString();
    wanted.type = u"CustomRole"_s;
    wanted.permissions = Azure::permissionsFromJson(given.value(u"permissions"_s).toArray());
    for (const QJsonValue &scope : given.value(u"assignableScopes"_s).toArray())
        wanted.assignableScopes.append(scope.toString());
    if (const auto failure = wrong(wanted))
        return *failure;
    m_roles.define(wanted, m_caller.objectId, m_caller.now);
    const auto at = Azure::Scope::parse(wanted.assignableScopes.first());
    return ArmDocument{roleDefinitionDocument(wanted, at ? at->subscriptionId() : QString(),
                                              m_roles.history(wanted.id)),
                       201};
}

ArmFound ArmRoleWriting::undefine(const QString &id)
{
    const Azure::RoleDefinition *found = m_roles.definition(id);
    if (!found)
        return ArmDocument{{}, 204};
    if (found->type == s_builtIn)
        return ArmFailure{s_bad, u"RoleDefinitionUpdateNotPermitted"_s,
                          u"Built-in role definitions cannot be deleted."_s};
    if (const auto failure = notAllowedEverywhere(
            u"Microsoft.Authorization/roleDefinitions/delete"_s, found->assignableScopes))
        return *failure;
    for (const Azure::RoleAssignment &one : m_roles.assignments()) {
        if (same(one.roleDefinitionId, id))
            return ArmFailure{s_bad, u"RoleDefinitionHasAssignments"_s,
                              u"There are existing role assignments referencing role."_s};
    }
    const auto at = Azure::Scope::parse(found->assignableScopes.value(0, u"/"_s));
    const QJsonObject document =
        roleDefinitionDocument(*found, at ? at->subscriptionId() : QString(), m_roles.history(id));
    m_roles.undefine(id);
    return ArmDocument{document};
}

} // namespace Sandbox
