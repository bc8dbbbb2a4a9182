#include "sandbox/armauthorization.h"

#include "sandbox/armdocuments.h"
#include "sandbox/armrolewriting.h"

#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

const QString s_definitions = u"roleDefinitions"_s;
const QString s_assignments = u"roleAssignments"_s;
const QString s_denies = u"denyAssignments"_s;

} // namespace

ArmAuthorization::ArmAuthorization(const Scenario &scenario, const Authorizer &authorizer,
                                   RoleRegister &roles, const Directory &directory)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_roles(roles)
    , m_directory(directory)
{
}

ArmFound ArmAuthorization::answer(const Azure::Scope &scope, const QStringList &path,
                                  const Incoming &request, const ArmCaller &caller)
{
    static const QStringList types{s_definitions, s_assignments, s_denies, u"permissions"_s};
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const QString &one) { return same(one, path[0]); });
    if (found == types.end() || path.size() > 2)
        return ArmFailure{
            404, u"InvalidResourceType"_s,
            u"The resource type '%1' could not be found in the namespace 'Microsoft.Authorization'."_s
                .arg(path[0])};
    const bool reading = request.verb == "GET" || request.verb == "HEAD";
    const bool writable = *found == s_definitions || *found == s_assignments;
    const bool writing = request.verb == "PUT" || request.verb == "DELETE";
    if (!reading && !(writing && writable && path.size() == 2))
        return ArmFailure{405, u"HttpMethodNotAllowed"_s,
                          u"The HTTP method '%1' is not supported at scope '%2'."_s.arg(
                              QString::fromLatin1(request.verb), scope.id())};
    const QString action =
        u"Microsoft.Authorization/%1/%2"_s.arg(*found, reading                 ? u"read"_s
                                                       : request.verb == "PUT" ? u"write"_s
                                                                               : u"delete"_s);
    if (!m_authorizer.allows(caller.objectId, action, scope, caller.now))
        return armForbidden(caller, action, scope);
    if (reading)
        return read(scope, QStringList{*found} + path.mid(1), request.query(u"$filter"_s), caller);
    ArmRoleWriting writer(m_scenario, m_authorizer, m_roles, m_directory, caller);
    if (request.verb == "DELETE")
        return *found == s_assignments ? writer.unassign(scope, path[1]) : writer.undefine(path[1]);
    const QJsonDocument body = QJsonDocument::fromJson(request.body);
    if (!body.isObject())
        return ArmFailure{400, u"InvalidRequestContent"_s,
                          u"The request content was invalid and could not be deserialized."_s};
    return *found == s_assignments
               ? writer.assign(scope, path[1], body.object(), request.query(u"api-version"_s))
               : writer.define(path[1], body.object());
}

ArmFound ArmAuthorization::read(const Azure::Scope &scope, const QStringList &path,
                                const QString &filter, const ArmCaller &caller) const
{
    if (path[0] == s_definitions)
        return roleDefinitions(scope, path.value(1), filter);
    if (path[0] == s_assignments)
        return roleAssignments(scope, path.value(1), filter);
    return path[0] == s_denies ? denyAssignments(scope) : permissions(scope, caller);
}

ArmFound ArmAuthorization::roleDefinitions(const Azure::Scope &scope, const QString &id,
                                           const QString &filter) const
{
    const QString subscription = scope.subscriptionId();
    const auto document = [&](const Azure::RoleDefinition &role) {
        return roleDefinitionDocument(role, subscription, m_roles.history(role.id));
    };
    if (!id.isEmpty()) {
        if (const Azure::RoleDefinition *role = m_roles.definition(id))
            return ArmDocument{document(*role)};
        return ArmFailure{404, u"RoleDefinitionDoesNotExist"_s,
                          u"The specified role definition with ID '%1' does not exist."_s.arg(id)};
    }
    static const QRegularExpression byName(u"roleName\\s+eq\\s+'((?:[^']|'')*)'"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression byType(u"type\\s+eq\\s+'([^']*)'"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    const auto name = byName.match(filter);
    const auto type = byType.match(filter);
    QJsonArray values;
    for (const Azure::RoleDefinition &role : m_roles.definitions()) {
        if (name.hasMatch() && !same(role.name, name.captured(1).replace(u"''"_s, u"'"_s)))
            continue;
        if (!type.hasMatch() || same(role.type, type.captured(1)))
            values.append(document(role));
    }
    return armList(values);
}

ArmFound ArmAuthorization::roleAssignments(const Azure::Scope &scope, const QString &id,
                                           const QString &filter) const
{
    static const QRegularExpression person(
        u"(?:assignedTo\\('([^']*)'\\)|principalId\\s+eq\\s+'([^']*)')"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = person.match(filter);
    // assignedTo() means the principal's groups too, principalId just that one.
    const QStringList wanted = match.captured(1).isEmpty()
                                   ? QStringList{match.captured(2)}
                                   : m_authorizer.identities(match.captured(1));
    const bool notBelow = filter.contains(u"atScope()"_s, Qt::CaseInsensitive);
    QJsonArray values;
    for (const Azure::RoleAssignment &one : m_roles.assignments()) {
        const bool here = m_authorizer.reaches(one.scope, scope) ||
                          (!notBelow && m_authorizer.reaches(scope, one.scope));
        const bool named = id.isEmpty() || same(one.id.section(u'/', -1), id);
        if (here && named &&
            (!match.hasMatch() || wanted.contains(one.principalId, Qt::CaseInsensitive)))
            values.append(roleAssignmentDocument(one, m_roles.history(one.id)));
    }
    if (id.isEmpty())
        return armList(values);
    if (values.isEmpty())
        return ArmFailure{404, u"RoleAssignmentNotFound"_s,
                          u"The role assignment '%1' is not found."_s.arg(id)};
    return ArmDocument{values.first().toObject()};
}

ArmFound ArmAuthorization::denyAssignments(const Azure::Scope &scope) const
{
    QJsonArray values;
    for (const Azure::DenyAssignment &deny : m_scenario.denies) {
        if (deny.scope.contains(scope) || scope.contains(deny.scope))
            values.append(denyAssignmentDocument(deny));
    }
    return armList(values);
}

ArmFound ArmAuthorization::permissions(const Azure::Scope &scope, const ArmCaller &caller) const
{
    const QStringList identities = m_authorizer.identities(caller.objectId);
    QJsonArray values;
    for (const Azure::RoleAssignment &one : m_roles.assignments()) {
        if (!identities.contains(one.principalId, Qt::CaseInsensitive) ||
            !m_authorizer.reaches(one.scope, scope))
            continue;
        if (const Azure::RoleDefinition *role = m_roles.definition(one.roleDefinitionId)) {
            for (const Azure::Permission &permission : role->permissions)
                values.append(permissionDocument(permission));
        }
    }
    return armList(values);
}

} // namespace Sandbox
