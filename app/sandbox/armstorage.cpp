#include "sandbox/armstorage.h"

#include "sandbox/armdocuments.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

ArmStorage::ArmStorage(const Scenario &scenario, const Authorizer &authorizer, Endpoints endpoints)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_endpoints(std::move(endpoints))
{
}

bool ArmStorage::allows(const ArmCaller &caller, const QString &action,
                        const Azure::Scope &scope) const
{
    return m_authorizer.allows(caller.objectId, action, scope, caller.now);
}

ArmFound ArmStorage::answer(const QStringList &path, const ArmCaller &caller) const
{
    const QString action = u"Microsoft.Storage/storageAccounts/read"_s;
    const bool inGroup = same(path.value(2), u"resourceGroups"_s);
    const QStringList rest = path.mid(inGroup ? 4 : 2);
    const auto scope = Azure::Scope::parse(u'/' + path.first(inGroup ? 4 : 2).join(u'/'));
    if (!scope)
        return armInvalidScope(u'/' + path.join(u'/'));
    if (!same(rest.value(0), u"providers"_s) || !same(rest.value(1), u"Microsoft.Storage"_s) ||
        !same(rest.value(2), u"storageAccounts"_s))
        return ArmFailure{404, u"InvalidResourceType"_s,
                          u"The resource type '%1' could not be found in the namespace '%2'."_s.arg(
                              rest.value(2), rest.value(1))};
    if (rest.size() == 3) {
        QJsonArray values;
        for (const Account &one : m_scenario.accounts) {
            if (scope->contains(one.scope()) && allows(caller, action, one.scope()))
                values.append(storageAccountDocument(one, m_endpoints.accounts.value(one.name)));
        }
        if (values.isEmpty() && !allows(caller, action, *scope))
            return armForbidden(caller, action, *scope);
        return armList(values);
    }
    const Account *one = m_scenario.account(rest[3]);
    if (inGroup && one && scope->contains(one->scope()))
        return account(rest.mid(4), *one, caller);
    const auto asked = Azure::Scope::parse(u'/' + path.join(u'/'));
    if (!asked)
        return armInvalidScope(u'/' + path.join(u'/'));
    if (!inGroup || !allows(caller, action, *asked))
        return armForbidden(caller, action, *asked);
    return ArmFailure{
        404, u"ResourceNotFound"_s,
        u"The Resource 'Microsoft.Storage/storageAccounts/%1' under resource group '%2' "
        u"was not found. For more details "
        "please go to https://aka.ms/ARMResourceNotFoundFix"_s.arg(rest[3], path[3])};
}

ArmFound ArmStorage::account(const QStringList &path, const Account &account,
                             const ArmCaller &caller) const
{
    const auto guarded = [&](const QString &action, const Azure::Scope &scope,
                             const QJsonObject &document) -> ArmFound {
        return allows(caller, action, scope) ? ArmFound(document)
                                             : ArmFound(armForbidden(caller, action, scope));
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
        return guarded(read, account.scope(), armList(values).body);
    }
    if (path.size() == 4 && same(path.first(3).join(u'/'), containers)) {
        for (const Container &container : account.containers) {
            if (container.name == path[3])
                return guarded(read, account.scope().container(container.name),
                               containerDocument(account, container));
        }
        return ArmFailure{404, u"ContainerNotFound"_s,
                          u"The specified container does not exist."_s};
    }
    return ArmFailure{
        404, u"InvalidResourceType"_s,
        u"The resource type '%1' could not be found in the namespace 'Microsoft.Storage'."_s.arg(
            path.join(u'/'))};
}

// Only what the caller may read is listed; what it may not is not there.
ArmFound ArmStorage::resources(const Subscription &subscription, const QString &filter,
                               const ArmCaller &caller) const
{
    static const QRegularExpression byType(u"^\\s*resourceType\\s+eq\\s+'([^']*)'\\s*$"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    const auto type = byType.match(filter);
    if (!filter.isEmpty() && !type.hasMatch())
        return ArmFailure{400, u"InvalidFilterInQueryString"_s,
                          u"Invalid $filter '%1' specified in the query string."_s.arg(filter)};
    const auto wanted = [&](const QString &one) {
        return filter.isEmpty() || same(one, type.captured(1));
    };
    QJsonArray values;
    const auto add = [&](const QString &kind, const QString &id, const QString &location) {
        const auto scope = Azure::Scope::parse(id);
        if (scope && wanted(kind) && allows(caller, kind + u"/read"_s, *scope))
            values.append(QJsonObject{{u"id"_s, id},
                                      {u"name"_s, id.section(u'/', -1)},
                                      {u"type"_s, kind},
                                      {u"location"_s, location}});
    };
    for (const Account &account : m_scenario.accounts) {
        if (account.subscription == subscription.id)
            add(u"Microsoft.Storage/storageAccounts"_s, account.scope().id(), account.location);
    }
    if (subscription.databricks)
        add(u"Microsoft.Databricks/workspaces"_s,
            u"/subscriptions/"_s + subscription.id +
                u"/resourceGroups/databricks/providers/Microsoft.Databricks/workspaces/analytics"_s,
            u"westeurope"_s);
    return armList(values);
}

} // namespace Sandbox
