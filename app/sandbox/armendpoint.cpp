#include "sandbox/armendpoint.h"

#include "sandbox/armdocuments.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrlQuery>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

struct ArmEndpoint::Caller
{
    QString objectId;
    QString clientId;
    QString tenant;
    QDateTime now;
};

struct ArmEndpoint::Failure
{
    int status = 404;
    QString code;
    QString message;
};

namespace {

const QString s_subscriptions = u"/subscriptions/"_s;

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

Answer jsonAnswer(int status, const QJsonObject &body, const QDateTime &now)
{
    const QByteArray id = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    return {.status = status,
            .headers = {{"Cache-Control", "no-cache"},
                        {"Pragma", "no-cache"},
                        {"Content-Type", "application/json; charset=utf-8"},
                        {"Expires", "-1"},
                        {"x-ms-request-id", id},
                        {"x-ms-correlation-request-id", id},
                        {"x-ms-routing-request-id",
                         "SANDBOX:" + now.toUTC().toString(u"yyyyMMddThhmmssZ"_s).toLatin1() + ':' +
                             id},
                        {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Date", httpDate(now)}},
            .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

Answer failureAnswer(int status, const QString &code, const QString &message, const QDateTime &now)
{
    Answer answer = jsonAnswer(
        status, {{u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, message}}}}, now);
    answer.set("x-ms-failure-cause", "gateway");
    return answer;
}

Answer unauthorized(const QString &code, const QString &message, const QByteArray &description,
                    const QDateTime &now)
{
    Answer answer = failureAnswer(401, code, message, now);
    answer.set("WWW-Authenticate", "Bearer authorization_uri=\"https://login.windows.net/\", "
                                   "error=\"invalid_token\", error_description=\"" +
                                       description + '"');
    return answer;
}

QJsonObject listDocument(const QJsonArray &values)
{
    return {{u"value"_s, values}};
}

/// "11/24/2026 10:49:13 AM", as Resource Manager writes times in its messages.
QString spelledTime(const QDateTime &time)
{
    return QLocale::c().toString(time.toUTC(), u"M/d/yyyy h:mm:ss AP"_s);
}

} // namespace

ArmEndpoint::ArmEndpoint(const Scenario &scenario, const Authorizer &authorizer,
                         const TokenIssuer &issuer, Endpoints endpoints)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
{
}

Answer ArmEndpoint::answer(const Incoming &request, const QDateTime &now) const
{
    const auto known = authenticate(request, now);
    if (const auto *refusal = std::get_if<Answer>(&known))
        return *refusal;
    if (request.query(u"api-version"_s).isEmpty())
        return failureAnswer(
            400, u"MissingApiVersionParameter"_s,
            u"The api-version query parameter (?api-version=) is required for all requests."_s,
            now);
    if (request.verb != "GET" && request.verb != "HEAD")
        return failureAnswer(
            405, u"HttpMethodNotAllowed"_s,
            u"The HTTP method '%1' is not supported: this sandbox's Resource Manager can only be read."_s
                .arg(QString::fromLatin1(request.verb)),
            now);
    const Found found = find(request, std::get<Caller>(known));
    if (const auto *failure = std::get_if<Failure>(&found)) {
        if (failure->status == 401)
            return unauthorized(failure->code, failure->message,
                                "The access token is from the wrong issuer.", now);
        return failureAnswer(failure->status, failure->code, failure->message, now);
    }
    return jsonAnswer(200, page(std::get<QJsonObject>(found), request), now);
}

QJsonObject ArmEndpoint::page(QJsonObject document, const Incoming &request) const
{
    const QJsonArray all = document.value(u"value"_s).toArray();
    const qsizetype size = m_scenario.pageSize;
    if (size == 0 || all.size() <= size)
        return document;
    const qsizetype from = request.query(u"$skiptoken"_s).toLongLong();
    QJsonArray some;
    for (qsizetype i = from; i < std::min(from + size, all.size()); ++i)
        some.append(all[i]);
    document.insert(u"value"_s, some);
    if (from + size < all.size()) {
        QUrlQuery query(QString::fromUtf8(request.rawQuery()));
        query.removeAllQueryItems(u"$skiptoken"_s);
        query.addQueryItem(u"$skiptoken"_s, QString::number(from + size));
        document.insert(u"nextLink"_s, m_endpoints.resourceManager + QString::fromUtf8(request.rawPath()) + u'?' +
                                           query.toString(QUrl::FullyEncoded));
    }
    return document;
}

std::variant<ArmEndpoint::Caller, Answer> ArmEndpoint::authenticate(const Incoming &request,
                                                                    const QDateTime &now) const
{
    const QByteArray authorization = request.header("Authorization").trimmed();
    if (authorization.isEmpty())
        return unauthorized(u"AuthenticationFailed"_s,
                            u"Authentication failed. The 'Authorization' header is missing."_s,
                            "The authentication failed because of missing 'Authorization' header.",
                            now);
    const bool isBearer = authorization.left(7).toLower() == "bearer ";
    const TokenCheck check =
        m_issuer.check(isBearer ? authorization.mid(7).trimmed() : QByteArray(), now);
    if (check.fault == TokenFault::Expired)
        return unauthorized(
            u"ExpiredAuthenticationToken"_s,
            u"The access token expiry UTC time '%1' is earlier than current UTC time '%2'."_s.arg(
                spelledTime(QDateTime::fromSecsSinceEpoch(check.claims.value(u"exp"_s).toInteger(),
                                                          Qt::UTC)),
                spelledTime(now)),
            "The access token has expired.", now);
    if (check.fault != TokenFault::None)
        return unauthorized(u"InvalidAuthenticationToken"_s, u"The access token is invalid."_s,
                            "The access token is invalid.", now);
    const QString audience = check.claims.value(u"aud"_s).toString();
    QString plain = audience;
    while (plain.endsWith(u'/'))
        plain.chop(1);
    if (plain != u"https://management.azure.com" &&
        plain != u"https://management.core.windows.net" && plain != m_endpoints.resourceManager)
        return unauthorized(
            u"InvalidAuthenticationTokenAudience"_s,
            u"The access token has been obtained for wrong audience or resource '%1'. It should "
            u"exactly match with "
            "one of the allowed audiences 'https://management.core.windows.net/',"
            "'https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'."_s
                .arg(audience),
            "The access token is from the wrong audience.", now);
    return Caller{check.claims.value(u"oid"_s).toString(),
                  check.claims.value(u"appid"_s).toString(),
                  check.claims.value(u"tid"_s).toString(), now};
}

ArmEndpoint::Found ArmEndpoint::find(const Incoming &request, const Caller &caller) const
{
    const QStringList path = request.segments();
    const QString whole = u'/' + path.join(u'/');
    if (!Azure::Scope::parse(
            whole)) // each of its prefixes that is taken for a scope below is one then
        return Failure{400, u"InvalidScope"_s, u"The scope '%1' is not valid."_s.arg(whole)};
    static const QString provider = u"/providers/Microsoft.Authorization/"_s;
    if (const qsizetype at = whole.lastIndexOf(provider, -1, Qt::CaseInsensitive); at >= 0) {
        const auto scope = Azure::Scope::parse(at == 0 ? u"/"_s : whole.first(at));
        return authorization(*scope, whole.mid(at + provider.size()).split(u'/'), request, caller);
    }
    return resource(path, request, caller);
}

bool ArmEndpoint::allows(const Caller &caller, const QString &action,
                         const Azure::Scope &scope) const
{
    return m_authorizer.allows(caller.objectId, action, scope, caller.now);
}

ArmEndpoint::Failure ArmEndpoint::forbidden(const Caller &caller, const QString &action,
                                            const Azure::Scope &scope) const
{
    return {403, u"AuthorizationFailed"_s,
            u"The client '%1' with object id '%2' does not have authorization to perform action "
            u"'%3' over scope '%4' or the scope is "
            "invalid. If access was recently granted, please refresh your credentials."_s.arg(
                caller.clientId, caller.objectId, action, scope.id())};
}

bool ArmEndpoint::hasAnythingIn(const Caller &caller, const Subscription &subscription) const
{
    const auto scope = Azure::Scope::parse(s_subscriptions + subscription.id);
    return std::any_of(m_scenario.assignments.begin(), m_scenario.assignments.end(),
                       [&, identities = m_authorizer.identities(caller.objectId)](const Azure::RoleAssignment &one) {
                           return identities.contains(one.principalId, Qt::CaseInsensitive) &&
                                  (scope->contains(one.scope) || one.scope.contains(*scope));
                       });
}

ArmEndpoint::Found ArmEndpoint::resource(const QStringList &path, const Incoming &request, const Caller &caller) const
{
    const auto is = [&](qsizetype index, const QString &word) {
        return same(path.value(index), word);
    };
    if (is(0, u"tenants"_s) && path.size() == 1) {
        const Tenant *tenant = m_scenario.tenant(caller.tenant);
        return listDocument(tenant ? QJsonArray{tenantDocument(*tenant)} : QJsonArray());
    }
    if (!is(0, u"subscriptions"_s))
        return Failure{404, u"InvalidResourceType"_s, u"The resource type could not be found."_s};
    if (path.size() == 1) {
        QJsonArray values;
        for (const Subscription &one : m_scenario.subscriptions) {
            if (same(one.tenant, caller.tenant) && hasAnythingIn(caller, one))
                values.append(subscriptionDocument(one));
        }
        QJsonObject list = listDocument(values);
        list.insert(u"count"_s, QJsonObject{{u"type"_s, u"Total"_s}, {u"value"_s, values.size()}});
        return list;
    }
    const Subscription *subscription = m_scenario.subscription(path[1]);
    if (!subscription)
        return Failure{404, u"SubscriptionNotFound"_s,
                       u"The subscription '%1' could not be found."_s.arg(path[1])};
    if (!same(subscription->tenant, caller.tenant))
        return Failure{401, u"InvalidAuthenticationTokenTenant"_s,
                       u"The access token is from the wrong issuer 'https://sts.windows.net/%1/'. "
                       u"It must match the tenant "
                       "'https://sts.windows.net/%2/' associated with this subscription. Please "
                       "use the authority (URL) "
                       "'https://login.windows.net/%2' to get the token."_s.arg(
                           caller.tenant, subscription->tenant)};
    const auto scope = Azure::Scope::parse(s_subscriptions + path[1]);
    if (path.size() == 2) {
        if (!hasAnythingIn(caller, *subscription))
            return forbidden(caller, u"Microsoft.Resources/subscriptions/read"_s, *scope);
        return subscriptionDocument(*subscription);
    }
    if (is(2, u"resourceGroups"_s) && path.size() <= 4) {
        const QString action = u"Microsoft.Resources/subscriptions/resourcegroups/read"_s;
        const QString asked = path.value(3);
        QJsonArray values;
        for (const ResourceGroup &group : m_scenario.resourceGroups) {
            const bool meant =
                same(group.subscription, path[1]) && (asked.isEmpty() || same(group.name, asked));
            if (meant && allows(caller, action, group.scope()))
                values.append(resourceGroupDocument(group));
        }
        if (asked.isEmpty() && (!values.isEmpty() || allows(caller, action, *scope)))
            return listDocument(values);
        const auto at = Azure::Scope::parse(
            asked.isEmpty() ? scope->id() : scope->id() + u"/resourceGroups/"_s + asked);
        if (!values.isEmpty())
            return values.first().toObject();
        if (!asked.isEmpty() && allows(caller, action, *at))
            return Failure{404, u"ResourceGroupNotFound"_s,
                           u"Resource group '%1' could not be found."_s.arg(asked)};
        return forbidden(caller, action, *at);
    }
    if (is(2, u"resources"_s) && path.size() == 3)
        return resources(*subscription, request.query(u"$filter"_s), caller);
    return storage(path, caller);
}

// Only what the caller may read is listed; what it may not is not there.
ArmEndpoint::Found ArmEndpoint::resources(const Subscription &subscription, const QString &filter,
                                          const Caller &caller) const
{
    static const QRegularExpression byType(u"^\\s*resourceType\\s+eq\\s+'([^']*)'\\s*$"_s, QRegularExpression::CaseInsensitiveOption);
    const auto type = byType.match(filter);
    if (!filter.isEmpty() && !type.hasMatch())
        return Failure{400, u"InvalidFilterInQueryString"_s, u"Invalid $filter '%1' specified in the query string."_s.arg(filter)};
    const auto wanted = [&](const QString &one) { return filter.isEmpty() || same(one, type.captured(1)); };
    QJsonArray values;
    const auto add = [&](const QString &kind, const QString &id, const QString &location) {
        const auto scope = Azure::Scope::parse(id);
        if (wanted(kind) && allows(caller, kind + u"/read"_s, *scope))
            values.append(QJsonObject{{u"id"_s, id}, {u"name"_s, id.section(u'/', -1)}, {u"type"_s, kind}, {u"location"_s, location}});
    };
    for (const Account &account : m_scenario.accounts) {
        if (account.subscription == subscription.id)
            add(u"Microsoft.Storage/storageAccounts"_s, account.scope().id(), account.location);
    }
    if (subscription.databricks)
        add(u"Microsoft.Databricks/workspaces"_s,
            s_subscriptions + subscription.id + u"/resourceGroups/databricks/providers/Microsoft.Databricks/workspaces/analytics"_s, u"westeurope"_s);
    return listDocument(values);
}

ArmEndpoint::Found ArmEndpoint::storage(const QStringList &path, const Caller &caller) const
{
    const QString action = u"Microsoft.Storage/storageAccounts/read"_s;
    const bool inGroup = same(path.value(2), u"resourceGroups"_s);
    const QStringList rest = path.mid(inGroup ? 4 : 2);
    const auto scope = Azure::Scope::parse(u'/' + path.first(inGroup ? 4 : 2).join(u'/'));
    if (!same(rest.value(0), u"providers"_s) || !same(rest.value(1), u"Microsoft.Storage"_s) ||
        !same(rest.value(2), u"storageAccounts"_s))
        return Failure{404, u"InvalidResourceType"_s,
                       u"The resource type '%1' could not be found in the namespace '%2'."_s.arg(
                           rest.value(2), rest.value(1))};
    if (rest.size() == 3) {
        QJsonArray values;
        for (const Account &one : m_scenario.accounts) {
            if (scope->contains(one.scope()) && allows(caller, action, one.scope()))
                values.append(storageAccountDocument(one, m_endpoints.accounts.value(one.name)));
        }
        if (values.isEmpty() && !allows(caller, action, *scope))
            return forbidden(caller, action, *scope);
        return listDocument(values);
    }
    const Account *one = m_scenario.account(rest[3]);
    if (inGroup && one && scope->contains(one->scope()))
        return account(rest.mid(4), *one, caller);
    const auto asked = Azure::Scope::parse(u'/' + path.join(u'/'));
    if (!inGroup || !allows(caller, action, *asked))
        return forbidden(caller, action, *asked);
    return Failure{404, u"ResourceNotFound"_s,
                   u"The Resource 'Microsoft.Storage/storageAccounts/%1' under resource group '%2' "
                   u"was not found. For more details "
                   "please go to https://aka.ms/ARMResourceNotFoundFix"_s.arg(rest[3], path[3])};
}

ArmEndpoint::Found ArmEndpoint::account(const QStringList &path, const Account &account,
                                        const Caller &caller) const
{
    const auto guarded = [&](const QString &action, const Azure::Scope &scope,
                             const QJsonObject &document) -> Found {
        return allows(caller, action, scope) ? Found(document)
                                             : Found(forbidden(caller, action, scope));
    };
    if (path.isEmpty())
        return guarded(u"Microsoft.Storage/storageAccounts/read"_s, account.scope(),
                       storageAccountDocument(account, m_endpoints.accounts.value(account.name)));
    const QString read = u"Microsoft.Storage/storageAccounts/blobServices/containers/read"_s;
    const QString containers = u"blobServices/default/containers"_s;
    if (path.size() == 3 && same(path.join(u'/'), containers)) {
        QJsonArray values;
        for (const Container &container : account.containers)
            values.append(containerDocument(account, container));
        return guarded(read, account.scope(), listDocument(values));
    }
    if (path.size() == 4 && same(path.first(3).join(u'/'), containers)) {
        for (const Container &container : account.containers) {
            if (container.name == path[3])
                return guarded(read, account.scope().container(container.name),
                               containerDocument(account, container));
        }
        return Failure{404, u"ContainerNotFound"_s, u"The specified container does not exist."_s};
    }
    return Failure{
        404, u"InvalidResourceType"_s,
        u"The resource type '%1' could not be found in the namespace 'Microsoft.Storage'."_s.arg(
            path.join(u'/'))};
}

ArmEndpoint::Found ArmEndpoint::authorization(const Azure::Scope &scope, const QStringList &path,
                                              const Incoming &request, const Caller &caller) const
{
    static const QStringList types{u"roleDefinitions"_s, u"roleAssignments"_s, u"denyAssignments"_s,
                                   u"permissions"_s};
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const QString &one) { return same(one, path[0]); });
    const qsizetype type = found - types.begin();
    if (found == types.end() || path.size() > 2)
        return Failure{
            404, u"InvalidResourceType"_s,
            u"The resource type '%1' could not be found in the namespace 'Microsoft.Authorization'."_s
                .arg(path[0])};
    const QString action = u"Microsoft.Authorization/%1/read"_s.arg(types[type]);
    if (!allows(caller, action, scope))
        return forbidden(caller, action, scope);
    const QString filter = request.query(u"$filter"_s);
    switch (type) {
    case 0: return roleDefinitions(scope, path.value(1), filter);
    case 1: return roleAssignments(scope, path.value(1), filter);
    case 2: return denyAssignments(scope);
    default: return permissions(scope, caller);
    }
}

ArmEndpoint::Found ArmEndpoint::roleDefinitions(const Azure::Scope &scope, const QString &id,
                                                const QString &filter) const
{
    const QString subscription = scope.subscriptionId();
    if (!id.isEmpty()) {
        if (const Azure::RoleDefinition *role = m_scenario.definition(id))
            return roleDefinitionDocument(*role, subscription);
        return Failure{404, u"RoleDefinitionDoesNotExist"_s,
                       u"The specified role definition with ID '%1' does not exist."_s.arg(id)};
    }
    static const QRegularExpression byName(u"roleName\\s+eq\\s+'((?:[^']|'')*)'"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression byType(u"type\\s+eq\\s+'([^']*)'"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    const auto name = byName.match(filter);
    const auto type = byType.match(filter);
    QJsonArray values;
    for (const Azure::RoleDefinition &role : m_scenario.definitions) {
        if (name.hasMatch() && !same(role.name, name.captured(1).replace(u"''"_s, u"'"_s)))
            continue;
        if (!type.hasMatch() || same(role.type, type.captured(1)))
            values.append(roleDefinitionDocument(role, subscription));
    }
    return listDocument(values);
}

ArmEndpoint::Found ArmEndpoint::roleAssignments(const Azure::Scope &scope, const QString &id,
                                                const QString &filter) const
{
    static const QRegularExpression person(
        u"(?:assignedTo\\('([^']*)'\\)|principalId\\s+eq\\s+'([^']*)')"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = person.match(filter);
    // assignedTo() means the principal's groups too, principalId just that one.
    const QStringList wanted = match.captured(1).isEmpty() ? QStringList{match.captured(2)} : m_authorizer.identities(match.captured(1));
    const bool notBelow = filter.contains(u"atScope()"_s, Qt::CaseInsensitive);
    QJsonArray values;
    for (const Azure::RoleAssignment &assignment : m_scenario.assignments) {
        const bool here =
            assignment.scope.contains(scope) || (!notBelow && scope.contains(assignment.scope));
        const bool named = id.isEmpty() || same(assignment.id.section(u'/', -1), id);
        if (here && named && (!match.hasMatch() || wanted.contains(assignment.principalId, Qt::CaseInsensitive)))
            values.append(roleAssignmentDocument(assignment, m_scenario.delays.contains(assignment.id) ? m_authorizer.startedAt() : QDateTime()));
    }
    if (id.isEmpty())
        return listDocument(values);
    if (values.isEmpty())
        return Failure{404, u"RoleAssignmentNotFound"_s,
                       u"The role assignment '%1' is not found."_s.arg(id)};
    return values.first().toObject();
}

ArmEndpoint::Found ArmEndpoint::denyAssignments(const Azure::Scope &scope) const
{
    QJsonArray values;
    for (const Azure::DenyAssignment &deny : m_scenario.denies) {
        if (deny.scope.contains(scope) || scope.contains(deny.scope))
            values.append(denyAssignmentDocument(deny));
    }
    return listDocument(values);
}

ArmEndpoint::Found ArmEndpoint::permissions(const Azure::Scope &scope, const Caller &caller) const
{
    const QStringList identities = m_authorizer.identities(caller.objectId);
    QJsonArray values;
    for (const Azure::RoleAssignment &assignment : m_scenario.assignments) {
        if (!identities.contains(assignment.principalId, Qt::CaseInsensitive) || !assignment.scope.contains(scope))
            continue;
        if (const Azure::RoleDefinition *role =
                m_scenario.definition(assignment.roleDefinitionId)) {
            for (const Azure::Permission &permission : role->permissions)
                values.append(permissionDocument(permission));
        }
    }
    return listDocument(values);
}

} // namespace Sandbox
