#include "sandbox/armgroups.h"

#include "sandbox/armdocuments.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QUuid>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qint64 s_deletion = 35; ///< seconds, about what the recorded one took
const QString s_actions = u"Microsoft.Resources/subscriptions/resourcegroups/"_s;

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

ArmFailure notFound(const QString &name)
{
    return {404, u"ResourceGroupNotFound"_s,
            u"Resource group '%1' could not be found."_s.arg(name)};
}

} // namespace

ArmGroups::ArmGroups(const Scenario &scenario, const Authorizer &authorizer)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
{
}

ArmFound ArmGroups::answer(const Incoming &request, const Azure::Scope &subscription,
                           const QString &asked, const ArmCaller &caller)
{
    m_made.removeIf([&](const Made &one) { return one.gone.isValid() && one.gone <= caller.now; });
    if (request.verb == "GET" || request.verb == "HEAD")
        return read(subscription, asked, caller);
    const bool writing = request.verb == "PUT";
    if (asked.isEmpty() || (!writing && request.verb != "DELETE"))
        return ArmFailure{405, u"HttpMethodNotAllowed"_s,
                          u"The HTTP method '%1' is not supported here."_s.arg(
                              QString::fromLatin1(request.verb))};
    const auto at = Azure::Scope::parse(subscription.id() + u"/resourceGroups/"_s + asked);
    if (!at)
        return armInvalidScope(asked);
    const QString action = s_actions + (writing ? u"write"_s : u"delete"_s);
    if (!m_authorizer.allows(caller.objectId, action, *at, caller.now))
        return armForbidden(caller, action, *at);
    if (isOfScenario(subscription.subscriptionId(), asked))
        return ArmFailure{409, u"ScopeLocked"_s,
                          u"The resource group '%1' is one of this sandbox's scenario, which is "
                          "only read."_s.arg(asked)};
    return writing ? put(request, *at, asked) : remove(*at, asked, caller);
}

ArmFound ArmGroups::read(const Azure::Scope &subscription, const QString &asked,
                         const ArmCaller &caller)
{
    const QString action = s_actions + u"read"_s;
    const auto allows = [&](const Azure::Scope &scope) {
        return m_authorizer.allows(caller.objectId, action, scope, caller.now);
    };
    QJsonArray values;
    const auto consider = [&](const ResourceGroup &group, const QJsonObject &document) {
        const bool meant = same(group.subscription, subscription.subscriptionId()) &&
                           (asked.isEmpty() || same(group.name, asked));
        if (meant && allows(group.scope()))
            values.append(document);
    };
    for (const ResourceGroup &group : m_scenario.resourceGroups)
        consider(group, resourceGroupDocument(group));
    for (const Made &one : std::as_const(m_made))
        consider(one.group, document(one));
    if (asked.isEmpty() && (!values.isEmpty() || allows(subscription)))
        return armList(values);
    if (!values.isEmpty())
        return values.first().toObject();
    const auto at = Azure::Scope::parse(
        asked.isEmpty() ? subscription.id() : subscription.id() + u"/resourceGroups/"_s + asked);
    if (!at)
        return armInvalidScope(asked);
    if (!asked.isEmpty() && allows(*at))
        return notFound(asked);
    return armForbidden(caller, action, *at);
}

ArmFound ArmGroups::put(const Incoming &request, const Azure::Scope &at, const QString &name)
{
    static const QRegularExpression form(u"^[-\\w._()]{0,89}[-\\w_()]$"_s,
                                         QRegularExpression::UseUnicodePropertiesOption);
    if (!form.match(name).hasMatch())
        return ArmFailure{400, u"InvalidResourceGroup"_s,
                          u"The provided resource group name '%1' is not valid."_s.arg(name)};
    const QJsonObject body = QJsonDocument::fromJson(request.body).object();
    const QString location = body.value(u"location"_s).toString();
    if (location.isEmpty())
        return ArmFailure{400, u"LocationRequired"_s,
                          u"The location property is required for this definition."_s};
    Made *known = made(at.subscriptionId(), name);
    if (known && known->gone.isValid())
        return ArmFailure{409, u"ResourceGroupBeingDeleted"_s,
                          u"The resource group '%1' is in deprovisioning state and cannot perform "
                          "this operation."_s.arg(name)};
    if (known && !same(known->group.location, location))
        return ArmFailure{409, u"InvalidResourceGroupLocation"_s,
                          u"Invalid resource group location '%1'. The Resource group already "
                          "exists in location '%2'."_s.arg(location, known->group.location)};
    if (!known) {
        m_made.append(Made{.group = {name, at.subscriptionId(), location},
                           .tags = body.value(u"tags"_s).toObject(),
                           .operation = {},
                           .gone = {}});
        return ArmDocument(document(m_made.last()), 201);
    }
    known->tags = body.value(u"tags"_s).toObject();
    return document(*known);
}

ArmFound ArmGroups::remove(const Azure::Scope &at, const QString &name, const ArmCaller &caller)
{
    Made *known = made(at.subscriptionId(), name);
    if (!known)
        return notFound(name);
    if (!known->gone.isValid()) {
        known->gone = caller.now.addSecs(s_deletion);
        known->operation = QUuid::createUuid().toString(QUuid::Id128);
    }
    ArmDocument accepted({}, 202);
    accepted.location =
        u"/subscriptions/%1/operationresults/%2"_s.arg(at.subscriptionId(), known->operation);
    return accepted;
}

ArmFound ArmGroups::operation(const QString &subscription, const QString &id,
                              const ArmCaller &caller)
{
    for (const Made &one : std::as_const(m_made)) {
        if (one.operation == id && same(one.group.subscription, subscription) &&
            caller.now < one.gone) {
            ArmDocument accepted({}, 202);
            accepted.location = u"/subscriptions/%1/operationresults/%2"_s.arg(subscription, id);
            return accepted;
        }
    }
    return ArmDocument({}, 200);
}

ArmGroups::Made *ArmGroups::made(const QString &subscription, const QString &name)
{
    const auto found = std::find_if(m_made.begin(), m_made.end(), [&](const Made &one) {
        return same(one.group.subscription, subscription) && same(one.group.name, name);
    });
    return found == m_made.end() ? nullptr : &*found;
}

QJsonObject ArmGroups::document(const Made &one)
{
    QJsonObject object = resourceGroupDocument(one.group);
    if (!one.tags.isEmpty())
        object.insert(u"tags"_s, one.tags);
    if (one.gone.isValid())
        object.insert(u"properties"_s, QJsonObject{{u"provisioningState"_s, u"Deleting"_s}});
    return object;
}

bool ArmGroups::isOfScenario(const QString &subscription, const QString &name) const
{
    const auto &all = m_scenario.resourceGroups;
    return std::any_of(all.begin(), all.end(), [&](const ResourceGroup &group) {
        return same(group.subscription, subscription) && same(group.name, name);
    });
}

} // namespace Sandbox
