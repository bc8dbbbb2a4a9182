#include "sandbox/armendpoint.h"

#include "sandbox/armdocuments.h"

#include <QLocale>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_subscriptions = u"/subscriptions/"_s;

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

/// "11/24/2026 10:49:13 AM", as Resource Manager writes times in its messages.
QString spelledTime(const QDateTime &time)
{
    return QLocale::c().toString(time.toUTC(), u"M/d/yyyy h:mm:ss AP"_s);
}

} // namespace

ArmEndpoint::ArmEndpoint(const Scenario &scenario, const Authorizer &authorizer,
                         RoleRegister &roles, const Directory &directory, const TokenIssuer &issuer,
                         Endpoints endpoints)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_roles(roles)
    , m_issuer(issuer)
    , m_endpoints(endpoints)
    , m_authorization(scenario, authorizer, roles, directory)
    , m_storage(scenario, authorizer, endpoints)
    , m_groups(scenario, authorizer)
{
}

Answer ArmEndpoint::answer(const Incoming &request, const QDateTime &now)
{
    const auto known = authenticate(request, now);
    if (const auto *refusal = std::get_if<Answer>(&known))
        return *refusal;
    if (request.query(u"api-version"_s).isEmpty())
        return armFailureAnswer(
            {400, u"MissingApiVersionParameter"_s,
             u"The api-version query parameter (?api-version=) is required for all requests."_s},
            now);
    const ArmFound found = find(request, std::get<ArmCaller>(known));
    if (const auto *failure = std::get_if<ArmFailure>(&found)) {
        if (failure->status == 401)
            return armUnauthorized(failure->code, failure->message,
                                   "The access token is from the wrong issuer.", now);
        return armFailureAnswer(*failure, now);
    }
    const auto &document = std::get<ArmDocument>(found);
    Answer answer = armAnswer(document.status, page(document.body, request), now);
    if (!document.location.isEmpty())
        answer.set("Location", (m_endpoints.resourceManager + document.location +
                                u"?api-version="_s + request.query(u"api-version"_s))
                                   .toUtf8());
    if (request.verb == "PUT")
        answer.set("x-ms-ratelimit-remaining-subscription-writes", "1199");
    if (request.verb == "DELETE")
        answer.set("x-ms-ratelimit-remaining-subscription-deletes", "14999");
    return answer;
}

QJsonObject ArmEndpoint::page(QJsonObject document, const Incoming &request) const
{
    const QJsonArray all = document.value(u"value"_s).toArray();
    const qsizetype size = m_scenario.pageSize;
    if (size == 0 || all.size() <= size)
        return document;
    const qsizetype from =
        std::clamp<qsizetype>(request.query(u"$skiptoken"_s).toLongLong(), 0, all.size());
    QJsonArray some;
    for (qsizetype i = from; i < std::min(from + size, all.size()); ++i)
        some.append(all[i]);
    document.insert(u"value"_s, some);
    if (from + size < all.size()) {
        QUrlQuery query(QString::fromUtf8(request.rawQuery()));
        query.removeAllQueryItems(u"$skiptoken"_s);
        query.addQueryItem(u"$skiptoken"_s, QString::number(from + size));
        document.insert(u"nextLink"_s, m_endpoints.resourceManager +
                                           QString::fromUtf8(request.rawPath()) + u'?' +
                                           query.toString(QUrl::FullyEncoded));
    }
    return document;
}

std::variant<ArmCaller, Answer> ArmEndpoint::authenticate(const Incoming &request,
                                                          const QDateTime &now) const
{
    const QByteArray authorization = request.header("Authorization").trimmed();
    if (authorization.isEmpty())
        return armUnauthorized(
            u"AuthenticationFailed"_s,
            u"Authentication failed. The 'Authorization' header is missing."_s,
            "The authentication failed because of missing 'Authorization' header.", now);
    const bool isBearer = authorization.left(7).toLower() == "bearer ";
    const TokenCheck check =
        m_issuer.check(isBearer ? authorization.mid(7).trimmed() : QByteArray(), now);
    if (check.fault == TokenFault::Expired)
        return armUnauthorized(
            u"ExpiredAuthenticationToken"_s,
            u"The access token expiry UTC time '%1' is earlier than current UTC time '%2'."_s.arg(
                spelledTime(QDateTime::fromSecsSinceEpoch(check.claims.value(u"exp"_s).toInteger(),
                                                          Qt::UTC)),
                spelledTime(now)),
            "The access token has expired.", now);
    if (check.fault != TokenFault::None)
        return armUnauthorized(u"InvalidAuthenticationToken"_s, u"The access token is invalid."_s,
                               "The access token is invalid.", now);
    const QString audience = check.claims.value(u"aud"_s).toString();
    QString plain = audience;
    while (plain.endsWith(u'/'))
        plain.chop(1);
    if (plain != u"https://management.azure.com" &&
        plain != u"https://management.core.windows.net" && plain != m_endpoints.resourceManager)
        return armUnauthorized(
            u"InvalidAuthenticationTokenAudience"_s,
            u"The access token has been obtained for wrong audience or resource '%1'. It should "
            u"exactly match with "
            "one of the allowed audiences 'https://management.core.windows.net/',"
            "'https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'."_s
                .arg(audience),
            "The access token is from the wrong audience.", now);
    return ArmCaller{
        check.claims.value(u"oid"_s).toString(), check.claims.value(u"appid"_s).toString(),
        check.claims.value(u"tid"_s).toString(), check.claims.value(u"upn"_s).toString(), now};
}

ArmFound ArmEndpoint::find(const Incoming &request, const ArmCaller &caller)
{
    const QStringList path = request.segments();
    const QString whole = u'/' + path.join(u'/');
    if (!Azure::Scope::parse(whole))
        return armInvalidScope(whole);
    static const QString provider = u"/providers/Microsoft.Authorization/"_s;
    if (const qsizetype at = whole.lastIndexOf(provider, -1, Qt::CaseInsensitive); at >= 0) {
        const QString prefix = at == 0 ? u"/"_s : whole.first(at);
        // A valid path can have an invalid prefix: blanks are allowed after "/providers/" only.
        const auto scope = Azure::Scope::parse(prefix);
        if (!scope)
            return armInvalidScope(prefix);
        if (const auto failure = wrongSubscription(scope->subscriptionId(), caller))
            return *failure;
        return m_authorization.answer(*scope, whole.mid(at + provider.size()).split(u'/'), request,
                                      caller);
    }
    const bool isGroup = path.size() <= 4 && same(path.value(2), u"resourceGroups"_s);
    if (request.verb != "GET" && request.verb != "HEAD" && !isGroup)
        return ArmFailure{
            405, u"HttpMethodNotAllowed"_s,
            u"The HTTP method '%1' is not supported here: this sandbox's Resource Manager writes "
            "role assignments, role definitions and resource groups only."_s.arg(
                QString::fromLatin1(request.verb))};
    return resource(path, request, caller);
}

std::optional<ArmFailure> ArmEndpoint::wrongSubscription(const QString &id,
                                                         const ArmCaller &caller) const
{
    if (id.isEmpty())
        return std::nullopt;
    const Subscription *subscription = m_scenario.subscription(id);
    if (!subscription)
        return ArmFailure{404, u"SubscriptionNotFound"_s,
                          u"The subscription '%1' could not be found."_s.arg(id)};
    if (same(subscription->tenant, caller.tenant))
        return std::nullopt;
    return ArmFailure{401, u"InvalidAuthenticationTokenTenant"_s,
                      u"The access token is from the wrong issuer 'https://sts.windows.net/%1/'. "
                      u"It must match the tenant "
                      "'https://sts.windows.net/%2/' associated with this subscription. Please "
                      "use the authority (URL) "
                      "'https://login.windows.net/%2' to get the token."_s.arg(
                          caller.tenant, subscription->tenant)};
}

bool ArmEndpoint::allows(const ArmCaller &caller, const QString &action,
                         const Azure::Scope &scope) const
{
    return m_authorizer.allows(caller.objectId, action, scope, caller.now);
}

bool ArmEndpoint::hasAnythingIn(const ArmCaller &caller, const Subscription &subscription) const
{
    const auto scope = Azure::Scope::parse(s_subscriptions + subscription.id);
    if (!scope)
        return false;
    const QStringList identities = m_authorizer.identities(caller.objectId);
    const auto &all = m_roles.assignments();
    return std::any_of(all.begin(), all.end(), [&](const Azure::RoleAssignment &one) {
        return identities.contains(one.principalId, Qt::CaseInsensitive) &&
               (scope->contains(one.scope) || m_authorizer.reaches(one.scope, *scope));
    });
}

ArmFound ArmEndpoint::tenants(const ArmCaller &caller) const
{
    const Tenant *tenant = m_scenario.tenant(caller.tenant);
    return armList(tenant ? QJsonArray{tenantDocument(*tenant)} : QJsonArray());
}

ArmFound ArmEndpoint::subscriptions(const ArmCaller &caller) const
{
    QJsonArray values;
    for (const Subscription &one : m_scenario.subscriptions) {
        if (same(one.tenant, caller.tenant) && hasAnythingIn(caller, one))
            values.append(subscriptionDocument(one));
    }
    QJsonObject list = armList(values).body;
    list.insert(u"count"_s, QJsonObject{{u"type"_s, u"Total"_s}, {u"value"_s, values.size()}});
    return list;
}

ArmFound ArmEndpoint::managementGroups(const ArmCaller &caller) const
{
    const QString action = u"Microsoft.Management/managementGroups/read"_s;
    QJsonArray values;
    for (const ManagementGroup &one : m_scenario.managementGroups) {
        if (same(one.tenant, caller.tenant) && allows(caller, action, one.scope()))
            values.append(managementGroupDocument(one));
    }
    if (!values.isEmpty())
        return armList(values);
    return armForbidden(caller, action,
                        Azure::Scope::parse(u"/providers/Microsoft.Management"_s).value_or({}));
}

ArmFound ArmEndpoint::resource(const QStringList &path, const Incoming &request,
                               const ArmCaller &caller)
{
    if (path.size() == 1 && same(path[0], u"tenants"_s))
        return tenants(caller);
    if (path.size() == 3 &&
        same(path.join(u'/'), u"providers/Microsoft.Management/managementGroups"_s))
        return managementGroups(caller);
    if (!same(path.value(0), u"subscriptions"_s))
        return ArmFailure{404, u"InvalidResourceType"_s,
                          u"The resource type could not be found."_s};
    if (path.size() == 1)
        return subscriptions(caller);
    if (const auto failure = wrongSubscription(path[1], caller))
        return *failure;
    const Subscription &subscription = *m_scenario.subscription(path[1]);
    const auto scope = Azure::Scope::parse(s_subscriptions + path[1]);
    if (!scope)
        return armInvalidScope(path[1]);
    if (path.size() == 2) {
        if (!hasAnythingIn(caller, subscription))
            return armForbidden(caller, u"Microsoft.Resources/subscriptions/read"_s, *scope);
        return subscriptionDocument(subscription);
    }
    if (same(path[2], u"resourceGroups"_s) && path.size() <= 4)
        return m_groups.answer(request, *scope, path.value(3), caller);
    if (same(path[2], u"operationresults"_s) && path.size() == 4)
        return m_groups.operation(path[1], path[3], caller);
    if (same(path[2], u"resources"_s) && path.size() == 3)
        return m_storage.resources(subscription, request.query(u"$filter"_s), caller);
    return m_storage.answer(path, caller);
}

} // namespace Sandbox
