#include "sandbox/permissiongrants.h"

#include "sandbox/graphquery.h"
#include "sandbox/tokenissuer.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_name = u"oauth2PermissionGrants"_s;
const QString s_all = u"AllPrincipals"_s;
const QString s_single = u"Principal"_s;
constexpr int s_idLength = 43; ///< of the recorded one

qsizetype placeOf(const QJsonArray &all, const QString &id)
{
    for (qsizetype at = 0; at < all.size(); ++at) {
        if (all[at][u"id"_s].toString() == id)
            return at;
    }
    return -1;
}

} // namespace

PermissionGrants::PermissionGrants(const Scenario &scenario, const Directory &directory)
    : m_scenario(scenario)
    , m_directory(directory)
{
}

Answer PermissionGrants::answer(const GraphCall &call)
{
    if (!call.rights.mayReadAll())
        return graphDenied(call);
    const QString id = call.path.value(1);
    if (id.isEmpty() && call.verb() == "GET")
        return listed(call);
    if (id.isEmpty() && call.verb() == "POST")
        return created(call);
    if (id.isEmpty() || call.path.size() > 2)
        return graphUnknown(call);
    QJsonArray &all = m_grants[call.caller.tenant];
    const qsizetype at = placeOf(all, id);
    return at < 0 ? graphNotFound(call, id) : one(call, all, at);
}

Answer PermissionGrants::listed(const GraphCall &call) const
{
    const auto query = GraphQuery::parse(call.request);
    if (!query)
        return graphFailure(400, u"Request_UnsupportedQuery"_s,
                            u"The query options of this request are not supported."_s, call.request,
                            call.now);
    return graphAnswer(call, 200,
                       query->page(m_grants.value(call.caller.tenant), m_scenario.pageSize,
                                   call.service + u'/' + s_name),
                       s_name);
}

// The client is an application's service principal here; the resource may be one that each tenant
// has from the start, such as Microsoft Graph's.
bool PermissionGrants::isServicePrincipal(const GraphCall &call, const QString &objectId) const
{
    const DirectoryObject *found =
        m_directory.object(Directory::Replica::Graph, objectId, call.now);
    return found && found->tenant == call.caller.tenant &&
           found->kind == DirectoryObject::Kind::ServicePrincipal;
}

Answer PermissionGrants::created(const GraphCall &call)
{
    if (!call.rights.mayChangeAll())
        return graphDenied(call);
    const QString client = call.body.value(u"clientId"_s).toString();
    const QString resource = call.body.value(u"resourceId"_s).toString();
    const QString type = call.body.value(u"consentType"_s).toString();
    const QString person = call.body.value(u"principalId"_s).toString();
    if (!isServicePrincipal(call, client))
        return graphNotFound(call, client);
    if (resource.isEmpty())
        return graphBadRequest(call, u"Property 'resourceId' is required."_s);
    if ((type != s_all && type != s_single) || (type == s_single) == person.isEmpty())
        return graphBadRequest(call, u"Property 'consentType' does not fit 'principalId'."_s);
    QJsonArray &all = m_grants[call.caller.tenant];
    for (const QJsonValue &each : std::as_const(all)) {
        if (each[u"clientId"_s].toString() == client &&
            each[u"resourceId"_s].toString() == resource &&
            each[u"principalId"_s].toString() == person)
            return graphFailure(409, u"Request_MultipleObjectsWithSameKeyValue"_s,
                                u"Permission entry already exists."_s, call.request, call.now);
    }
    const QJsonObject grant{
        {u"id"_s, TokenIssuer::opaque(s_idLength).left(s_idLength)},
        {u"clientId"_s, client},
        {u"consentType"_s, type},
        {u"principalId"_s, person.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(person)},
        {u"resourceId"_s, resource},
        {u"scope"_s, call.body.value(u"scope"_s).toString()}};
    all.append(grant);
    return graphCreated(call, grant, s_name + u"/$entity"_s,
                        s_name + u'/' + grant.value(u"id"_s).toString());
}

Answer PermissionGrants::one(const GraphCall &call, QJsonArray &all, qsizetype at)
{
    QJsonObject grant = all[at].toObject();
    if (call.verb() == "GET")
        return graphAnswer(call, 200, grant, s_name + u"/$entity"_s);
    if (!call.rights.mayChangeAll())
        return graphDenied(call);
    if (call.verb() == "DELETE") {
        all.removeAt(at);
        return graphDone(call);
    }
    if (call.verb() != "PATCH")
        return graphUnknown(call);
    if (!call.body.value(u"scope"_s).isString())
        return graphBadRequest(call, u"Only 'scope' can be changed."_s);
    grant.insert(u"scope"_s, call.body.value(u"scope"_s));
    all[at] = grant;
    return graphDone(call);
}

} // namespace Sandbox
