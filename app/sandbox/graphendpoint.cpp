#include "sandbox/graphendpoint.h"

#include "sandbox/graphdocuments.h"
#include "sandbox/graphquery.h"

#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QString typeName(DirectoryObject::Kind kind)
{
    switch (kind) {
    case DirectoryObject::Kind::Application: return u"application"_s;
    case DirectoryObject::Kind::ServicePrincipal: return u"servicePrincipal"_s;
    case DirectoryObject::Kind::User: return u"user"_s;
    case DirectoryObject::Kind::Group: break;
    }
    return u"group"_s;
}

QJsonObject typed(QJsonObject document, const QString &type)
{
    document.insert(u"@odata.type"_s, u"#microsoft.graph."_s + type);
    return document;
}

} // namespace

GraphEndpoint::GraphEndpoint(const Scenario &scenario, Directory &directory,
                             const TokenIssuer &issuer, Endpoints endpoints)
    : m_scenario(scenario)
    , m_directory(directory)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
    , m_objects(scenario, directory)
    , m_grants(scenario, directory)
{
}

std::variant<GraphCaller, Answer> GraphEndpoint::authenticate(const Incoming &request,
                                                              const QDateTime &now) const
{
    const auto refuse = [&](const QString &message) {
        return graphFailure(401, u"InvalidAuthenticationToken"_s, message, request, now);
    };
    const QByteArray authorization = request.header("Authorization").trimmed();
    if (authorization.isEmpty())
        return refuse(u"Access token is empty."_s);
    const TokenCheck check =
        m_issuer.check(authorization.mid(authorization.indexOf(' ') + 1).trimmed(), now);
    if (check.fault == TokenFault::Expired || check.fault == TokenFault::NotYet)
        return refuse(u"Lifetime validation failed, the token is expired."_s);
    if (check.fault != TokenFault::None)
        return refuse(u"Access token validation failure."_s);
    QString audience = check.claims.value(u"aud"_s).toString();
    while (audience.endsWith(u'/'))
        audience.chop(1);
    if (audience != u"https://graph.microsoft.com" &&
        audience != u"00000003-0000-0000-c000-000000000000" && audience != m_endpoints.graph)
        return refuse(u"Access token validation failure. Invalid audience."_s);
    const QString object = check.claims.value(u"oid"_s).toString();
    return GraphCaller{check.claims.value(u"tid"_s).toString(), object,
                       check.claims.value(u"appid"_s).toString(),
                       m_scenario.userOfObject(object) != nullptr};
}

Answer GraphEndpoint::answer(const Incoming &request, const QDateTime &now)
{
    const auto known = authenticate(request, now);
    if (const auto *refusal = std::get_if<Answer>(&known))
        return *refusal;
    const GraphCaller caller = std::get<GraphCaller>(known);
    GraphCall call{request,
                   caller,
                   DirectoryRights(m_scenario, caller),
                   now,
                   m_endpoints.graph + u"/v1.0"_s,
                   request.segments().mid(1),
                   false,
                   {}};
    static const QRegularExpression byAppId(u"^(\\w+)\\(appId='([^']*)'\\)$"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    if (const auto match = byAppId.match(call.path.value(0)); match.hasMatch()) {
        call.byAppId = true;
        call.path = QStringList{match.captured(1), match.captured(2)} + call.path.mid(1);
    }
    if (request.segments().value(0) != u"v1.0")
        return graphUnknown(call);
    QJsonParseError parse;
    const QJsonDocument body = QJsonDocument::fromJson(request.body, &parse);
    if (!request.body.isEmpty() && !body.isObject())
        return graphFailure(400, u"BadRequest"_s,
                            u"Unable to read JSON request payload. Please ensure Content-Type "
                            "header is set and payload is of valid JSON format."_s,
                            request, now);
    call.body = body.object();
    return route(call);
}

Answer GraphEndpoint::route(const GraphCall &call)
{
    const QString first = call.path.value(0);
    if (same(first, u"applications"_s))
        return m_objects.answer(call, DirectoryObject::Kind::Application);
    if (same(first, u"servicePrincipals"_s))
        return m_objects.answer(call, DirectoryObject::Kind::ServicePrincipal);
    if (same(first, u"directory"_s) && same(call.path.value(1), u"deletedItems"_s))
        return deletedItems(call);
    if (same(first, u"directoryObjects"_s) && call.path.value(1) == u"getByIds" &&
        call.verb() == "POST")
        return byIds(call);
    if (same(first, u"oauth2PermissionGrants"_s))
        return m_grants.answer(call);
    if (call.verb() != "GET")
        return graphUnknown(call);
    if (same(first, u"me"_s))
        return me(call);
    if (same(first, u"users"_s))
        return users(call);
    if (same(first, u"organization"_s))
        return organization(call);
    return graphUnknown(call);
}

Answer GraphEndpoint::me(const GraphCall &call) const
{
    const User *user = m_scenario.userOfObject(call.caller.objectId);
    if (!user)
        return graphFailure(400, u"BadRequest"_s,
                            u"/me request is only valid with delegated authentication flow."_s,
                            call.request, call.now);
    if (call.path.size() == 1)
        return graphAnswer(call, 200, userDocument(*user), u"users/$entity"_s);
    if (call.path.value(1) != u"ownedObjects")
        return graphUnknown(call);
    QJsonArray values;
    for (const auto kind :
         {DirectoryObject::Kind::Application, DirectoryObject::Kind::ServicePrincipal}) {
        for (const DirectoryObject *one : m_directory.list(call.caller.tenant, kind, call.now)) {
            if (one->owners.contains(user->objectId))
                values.append(typed(m_objects.document(*one, call.now), typeName(kind)));
        }
    }
    return graphAnswer(call, 200, {{u"value"_s, values}}, u"directoryObjects"_s);
}

Answer GraphEndpoint::users(const GraphCall &call) const
{
    if (!call.rights.mayReadAll())
        return graphDenied(call);
    QJsonArray values;
    const QString asked = call.path.value(1);
    for (const User &user : m_scenario.users) {
        if (!same(user.tenant, call.caller.tenant))
            continue;
        if (same(user.objectId, asked) || same(user.userPrincipalName, asked))
            return graphAnswer(call, 200, userDocument(user), u"users/$entity"_s);
        values.append(userDocument(user));
    }
    if (!asked.isEmpty())
        return graphNotFound(call, asked);
    const auto query = GraphQuery::parse(call.request);
    if (!query)
        return graphFailure(400, u"Request_UnsupportedQuery"_s,
                            u"The query options of this request are not supported."_s, call.request,
                            call.now);
    return graphAnswer(call, 200,
                       query->page(values, m_scenario.pageSize, call.service + u"/users"_s),
                       u"users"_s);
}

Answer GraphEndpoint::organization(const GraphCall &call) const
{
    const Tenant *tenant = m_scenario.tenant(call.caller.tenant);
    if (!tenant)
        return graphNotFound(call, call.caller.tenant);
    return graphAnswer(call, 200, {{u"value"_s, QJsonArray{organizationDocument(*tenant)}}},
                       u"organization"_s);
}

Answer GraphEndpoint::byIds(const GraphCall &call) const
{
    if (!call.rights.mayReadAll())
        return graphDenied(call);
    QStringList types;
    for (const QJsonValue &type : call.body.value(u"types"_s).toArray())
        types.append(type.toString());
    const auto wanted = [&](const QString &type) {
        return types.isEmpty() || types.contains(type, Qt::CaseInsensitive);
    };
    QJsonArray values;
    for (const QJsonValue &id : call.body.value(u"ids"_s).toArray()) {
        const User *user = m_scenario.userOfObject(id.toString());
        const DirectoryObject *one =
            m_directory.object(Directory::Replica::Graph, id.toString(), call.now);
        if (user && user->tenant == call.caller.tenant && wanted(u"user"_s))
            values.append(typed(userDocument(*user), u"user"_s));
        else if (one && one->tenant == call.caller.tenant && wanted(typeName(one->kind)))
            values.append(typed(m_objects.document(*one, call.now), typeName(one->kind)));
    }
    Answer answer = graphAnswer(call, 200, {{u"value"_s, values}}, u"directoryObjects"_s);
    answer.set("Location", m_endpoints.graph.toLatin1());
    return answer;
}

Answer GraphEndpoint::deletedItems(const GraphCall &call)
{
    const QString asked = call.path.value(2);
    static const QString prefix = u"microsoft.graph."_s;
    if (asked.startsWith(prefix, Qt::CaseInsensitive) && call.verb() == "GET") {
        if (!call.rights.mayReadAll())
            return graphDenied(call);
        const auto query = GraphQuery::parse(call.request);
        QJsonArray values;
        for (const DirectoryObject *one : m_directory.deleted(call.caller.tenant)) {
            if (same(typeName(one->kind), asked.mid(prefix.size())))
                values.append(m_objects.document(*one, call.now));
        }
        const QString url = call.service + u"/directory/deletedItems/"_s + asked;
        return query ? graphAnswer(call, 200, query->page(values, m_scenario.pageSize, url),
                                   asked.mid(prefix.size()) + u's')
                     : graphBadRequest(call, u"The query options are not supported."_s);
    }
    const DirectoryObject *found = m_directory.deletedObject(asked);
    if (!found || found->tenant != call.caller.tenant)
        return asked.isEmpty() ? graphUnknown(call) : graphNotFound(call, asked);
    return deletedItem(call, *found);
}

Answer GraphEndpoint::deletedItem(const GraphCall &call, const DirectoryObject &object)
{
    const QString type = u"#microsoft.graph."_s + typeName(object.kind);
    if (call.verb() == "GET" && call.path.size() == 3) {
        if (!call.rights.mayRead(object))
            return graphDenied(call);
        return graphAnswer(call, 200,
                           typed(m_objects.document(object, call.now), typeName(object.kind)),
                           u"directoryObjects/$entity"_s);
    }
    if (!call.rights.mayChange(object))
        return graphDenied(call);
    if (call.verb() == "DELETE" && call.path.size() == 3) {
        m_directory.purge(object.id);
        return graphDone(call);
    }
    if (call.verb() != "POST" || call.path.value(3) != u"restore")
        return graphUnknown(call);
    const QString id = object.id;
    m_directory.restore(id, call.now);
    const DirectoryObject *restored = m_directory.object(Directory::Replica::Graph, id, call.now);
    return graphAnswer(
        call, 200,
        restored ? typed(m_objects.document(*restored, call.now), typeName(restored->kind))
                 : QJsonObject(),
        u"directoryObjects/$entity"_s);
}

} // namespace Sandbox
