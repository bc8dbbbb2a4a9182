#include "sandbox/graphobjects.h"

#include "sandbox/graphdocuments.h"
#include "sandbox/graphquery.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr auto s_graph = Directory::Replica::Graph;

QString collection(DirectoryObject::Kind kind)
{
    return kind == DirectoryObject::Kind::Application ? u"applications"_s : u"servicePrincipals"_s;
}

QString entity(DirectoryObject::Kind kind)
{
    return collection(kind) + u"/$entity"_s;
}

/// What \a body writes; empty where it names a member that cannot be written.
std::optional<QJsonObject> written(const QJsonObject &body, DirectoryObject::Kind kind)
{
    static const QStringList handled{u"displayName"_s, u"keyCredentials"_s,
                                     u"passwordCredentials"_s, u"appId"_s};
    QJsonObject properties;
    for (auto it = body.begin(); it != body.end(); ++it) {
        if (handled.contains(it.key()) || it.key().startsWith(u'@'))
            continue;
        if (!writableMembers(kind).contains(it.key()))
            return std::nullopt;
        properties.insert(it.key(), it.value());
    }
    return properties;
}

QString locationOf(const DirectoryObject &object)
{
    return u"directoryObjects/%1/Microsoft.DirectoryServices.%2"_s.arg(
        object.id, object.kind == DirectoryObject::Kind::Application ? u"Application"_s
                                                                     : u"ServicePrincipal"_s);
}

} // namespace

GraphObjects::GraphObjects(const Scenario &scenario, Directory &directory)
    : m_scenario(scenario)
    , m_directory(directory)
    , m_credentials(directory)
{
}

QJsonObject GraphObjects::document(const DirectoryObject &object, const QDateTime &now) const
{
    const Tenant *tenant = m_scenario.tenant(object.tenant);
    switch (object.kind) {
    case Kind::Application:
        return applicationDocument(object, tenant ? tenant->domains.value(0) : QString());
    case Kind::ServicePrincipal:
        return servicePrincipalDocument(
            object,
            m_directory.ofClient(s_graph, Kind::Application, object.tenant, object.appId, now));
    case Kind::Group: return groupDocument(object);
    case Kind::User: break;
    }
    return {};
}

Answer GraphObjects::answer(const GraphCall &call, Kind kind)
{
    if (call.path.size() == 1) {
        if (call.verb() == "GET")
            return list(call, kind);
        return call.verb() == "POST" ? create(call, kind) : graphUnknown(call);
    }
    const DirectoryObject *found = find(call, kind);
    // Whether something exists is told only to those who may read it.
    if (found ? !call.rights.mayRead(*found)
              : !call.rights.mayReadAll() && !call.rights.mayCreate())
        return graphDenied(call);
    if (!found)
        return graphNotFound(call, call.path[1]);
    if (call.verb() != "GET" && !call.rights.mayChange(*found))
        return graphDenied(call);
    if (call.path.size() == 2)
        return object(call, *found);
    if (call.path[2] == u"owners")
        return owners(call, *found);
    return m_credentials.answer(call, *found);
}

const DirectoryObject *GraphObjects::find(const GraphCall &call, Kind kind) const
{
    if (call.byAppId)
        return m_directory.ofClient(s_graph, kind, call.caller.tenant, call.path[1], call.now);
    const DirectoryObject *found = m_directory.object(s_graph, call.path[1], call.now);
    return found && found->kind == kind && found->tenant == call.caller.tenant ? found : nullptr;
}

Answer GraphObjects::list(const GraphCall &call, Kind kind) const
{
    if (!call.rights.mayReadAll() && !call.rights.mayCreate())
        return graphDenied(call);
    const auto query = GraphQuery::parse(call.request);
    if (!query)
        return graphFailure(400, u"Request_UnsupportedQuery"_s,
                            u"The query options of this request are not supported."_s, call.request,
                            call.now);
    QJsonArray values;
    for (const DirectoryObject *one : m_directory.list(call.caller.tenant, kind, call.now)) {
        if (call.rights.mayRead(*one))
            values.append(document(*one, call.now));
    }
    return graphAnswer(
        call, 200, query->page(values, m_scenario.pageSize, call.service + u'/' + collection(kind)),
        collection(kind));
}

Answer GraphObjects::create(const GraphCall &call, Kind kind)
{
    if (!call.rights.mayCreate())
        return graphDenied(call);
    const auto properties = written(call.body, kind);
    if (!properties)
        return graphBadRequest(call, u"One or more property values specified are invalid."_s);
    DirectoryObject object{.kind = kind,
                           .id = newId(),
                           .tenant = call.caller.tenant,
                           .displayName = call.body.value(u"displayName"_s).toString(),
                           .properties = *properties,
                           .created = call.now};
    if (call.rights.ownsWhatItCreates())
        object.owners.append(call.caller.objectId);
    const auto keys = readKeys(call.body.value(u"keyCredentials"_s).toArray(), {}, call.now);
    if (const auto *complaint = std::get_if<QString>(&keys))
        return graphBadRequest(call, *complaint);
    object.keys = std::get<QList<KeyCredential>>(keys);
    return kind == Kind::Application ? createApplication(call, object)
                                     : createPrincipal(call, object);
}

Answer GraphObjects::createApplication(const GraphCall &call, DirectoryObject object)
{
    if (object.displayName.isEmpty())
        return graphBadRequest(
            call, u"A value is required for property 'displayName' of resource 'Application'."_s);
    object.appId = newId();
    m_directory.add(object);
    return graphCreated(call, document(object, call.now), entity(object.kind), locationOf(object));
}

Answer GraphObjects::createPrincipal(const GraphCall &call, DirectoryObject object)
{
    object.appId = call.body.value(u"appId"_s).toString().toLower();
    const DirectoryObject *application = m_directory.ofClient(
        s_graph, Kind::Application, call.caller.tenant, object.appId, call.now);
    if (!application)
        return graphFailure(400, u"Request_BadRequest"_s,
                            u"The appId '%1' of the service principal does not reference a valid "
                            "application object."_s.arg(object.appId),
                            call.request, call.now);
    if (!call.rights.mayChange(*application))
        return graphFailure(403, u"Authorization_RequestDenied"_s,
                            u"When using this permission, the backing application of the service "
                            "principal being created must in the local tenant"_s,
                            call.request, call.now);
    if (m_directory.ofClient(s_graph, Kind::ServicePrincipal, object.tenant, object.appId,
                             call.now))
        return graphFailure(
            409, u"Request_MultipleObjectsWithSameKeyValue"_s,
            u"The service principal cannot be created, updated, or restored because the service "
            "principal name %1 is already in use."_s.arg(object.appId),
            call.request, call.now);
    object.displayName = application->displayName;
    m_directory.add(object);
    return graphCreated(call, document(object, call.now), entity(object.kind), locationOf(object));
}

Answer GraphObjects::object(const GraphCall &call, const DirectoryObject &object)
{
    if (call.verb() == "GET") {
        const auto query = GraphQuery::parse(call.request);
        const QJsonObject whole = document(object, call.now);
        return graphAnswer(call, 200, query ? query->selected(whole) : whole, entity(object.kind));
    }
    if (call.verb() == "PATCH")
        return patch(call, object);
    if (call.verb() != "DELETE")
        return graphUnknown(call);
    m_directory.remove(object.id, call.now);
    return graphDone(call);
}

Answer GraphObjects::patch(const GraphCall &call, const DirectoryObject &object)
{
    const auto properties = written(call.body, object.kind);
    if (!properties || call.body.contains(u"appId"_s))
        return graphBadRequest(call, u"One or more property values specified are invalid."_s);
    if (!call.body.value(u"passwordCredentials"_s).toArray().isEmpty())
        return graphBadRequest(
            call, u"New password credentials must be generated with service actions."_s);
    const auto keys =
        readKeys(call.body.value(u"keyCredentials"_s).toArray(), object.keys, call.now);
    if (const auto *complaint = std::get_if<QString>(&keys))
        return graphBadRequest(call, *complaint);
    m_directory.change(object.id, [&](DirectoryObject &changed) {
        if (call.body.contains(u"displayName"_s))
            changed.displayName = call.body.value(u"displayName"_s).toString();
        if (call.body.contains(u"keyCredentials"_s))
            changed.keys = std::get<QList<KeyCredential>>(keys);
        if (call.body.contains(u"passwordCredentials"_s))
            changed.passwords.clear();
        for (auto it = properties->begin(); it != properties->end(); ++it)
            changed.properties.insert(it.key(), it.value());
    });
    return graphDone(call);
}

Answer GraphObjects::owners(const GraphCall &call, const DirectoryObject &object)
{
    if (call.verb() == "GET" && call.path.size() == 3) {
        QJsonArray values;
        for (const QString &id : object.owners) {
            QJsonObject owner;
            if (const User *user = m_scenario.userOfObject(id)) {
                owner = userDocument(*user);
                owner.insert(u"@odata.type"_s, u"#microsoft.graph.user"_s);
            } else if (const DirectoryObject *one = m_directory.object(s_graph, id, call.now)) {
                owner = document(*one, call.now);
                owner.insert(u"@odata.type"_s, u"#microsoft.graph.servicePrincipal"_s);
            }
            if (!owner.isEmpty())
                values.append(owner);
        }
        return graphAnswer(call, 200, {{u"value"_s, values}}, u"directoryObjects"_s);
    }
    const bool adding = call.verb() == "POST" && call.path.value(3) == u"$ref";
    const bool removing = call.verb() == "DELETE" && call.path.value(4) == u"$ref";
    if (!adding && !removing)
        return graphUnknown(call);
    const QString id =
        adding ? call.body.value(u"@odata.id"_s).toString().section(u'/', -1) : call.path[3];
    if (adding && !m_scenario.userOfObject(id) && !m_directory.object(s_graph, id, call.now))
        return graphNotFound(call, id);
    m_directory.change(object.id, [&](DirectoryObject &changed) {
        changed.owners.removeAll(id.toLower());
        if (adding)
            changed.owners.append(id.toLower());
    });
    return graphDone(call);
}

} // namespace Sandbox
