#include "sandbox/scenario.h"

#include <QFile>
#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

// Q_INIT_RESOURCE declares a function, and must not do so inside a namespace.
static void initScenarioResource()
{
    Q_INIT_RESOURCE(sandbox);
}

namespace Sandbox {

namespace {

Azure::Scope scopeOf(const QString &id)
{
    return Azure::Scope::parse(id).value_or({});
}

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

template<typename List, typename Matches>
auto firstOf(const List &list, Matches matches) -> const typename List::value_type *
{
    const auto found = std::find_if(list.begin(), list.end(), matches);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

Azure::Scope ResourceGroup::scope() const
{
    return scopeOf(u"/subscriptions/%1/resourceGroups/%2"_s.arg(subscription, name));
}

Azure::Scope Account::scope() const
{
    return scopeOf(
        u"/subscriptions/%1/resourceGroups/%2/providers/Microsoft.Storage/storageAccounts/%3"_s.arg(
            subscription, resourceGroup, name));
}

Azure::Scope ManagementGroup::scope() const
{
    return scopeOf(u"/providers/Microsoft.Management/managementGroups/"_s + name);
}

std::optional<ClientSecret> Principal::handedOut() const
{
    return secrets.isEmpty() ? std::nullopt : std::optional(secrets.first());
}

const Tenant *Scenario::tenant(const QString &idOrDomain) const
{
    return firstOf(tenants, [&](const Tenant &one) {
        return same(one.id, idOrDomain) || one.domains.contains(idOrDomain, Qt::CaseInsensitive);
    });
}

const Subscription *Scenario::subscription(const QString &id) const
{
    return firstOf(subscriptions, [&](const Subscription &one) { return same(one.id, id); });
}

const Account *Scenario::account(const QString &name) const
{
    return firstOf(accounts, [&](const Account &one) { return same(one.name, name); });
}

const Principal *Scenario::principalOfClient(const QString &tenant, const QString &clientId) const
{
    return firstOf(principals, [&](const Principal &one) {
        return same(one.tenant, tenant) && same(one.clientId, clientId);
    });
}

const Principal *Scenario::principalOfObject(const QString &objectId) const
{
    return firstOf(principals, [&](const Principal &one) { return same(one.objectId, objectId); });
}

const User *Scenario::userOfObject(const QString &objectId) const
{
    return firstOf(users, [&](const User &one) { return same(one.objectId, objectId); });
}

const User *Scenario::userOfName(const QString &userPrincipalName) const
{
    return firstOf(users,
                   [&](const User &one) { return same(one.userPrincipalName, userPrincipalName); });
}

const Azure::RoleDefinition *Scenario::definition(const QString &id) const
{
    return firstOf(definitions, [&](const Azure::RoleDefinition &one) { return same(one.id, id); });
}

QStringList Scenario::managementGroupsAbove(const Azure::Scope &scope) const
{
    const QString subscription = scope.subscriptionId();
    const ManagementGroup *group = firstOf(managementGroups, [&](const ManagementGroup &one) {
        return one.scope() == scope || one.subscriptions.contains(subscription, Qt::CaseInsensitive);
    });
    QStringList above;
    while (group && above.size() <= managementGroups.size()) {
        if (!(group->scope() == scope))
            above.append(group->scope().id());
        group = firstOf(managementGroups,
                        [&](const ManagementGroup &one) { return same(one.name, group->parent); });
    }
    return above;
}

QString Scenario::tenantOf(const Account &account) const
{
    const Subscription *holder = subscription(account.subscription);
    return holder ? holder->tenant : QString();
}

QByteArray defaultScenario()
{
    initScenarioResource();
    QFile file(u":/sandbox/sandbox-scenario.json"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<std::pair<QString, QStringList>> expandNames(const QString &pattern)
{
    static const QRegularExpression run(u"\\{(\\d+)-(\\d+)\\}"_s);
    QList<std::pair<QString, QStringList>> names{{QString(), {}}};
    qsizetype copied = 0;
    for (auto it = run.globalMatch(pattern); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString before = pattern.mid(copied, match.capturedStart() - copied);
        copied = match.capturedEnd();
        QList<std::pair<QString, QStringList>> longer;
        for (const auto &[name, values] : std::as_const(names)) {
            for (int number = match.captured(1).toInt(); number <= match.captured(2).toInt();
                 ++number) {
                const QString value =
                    QString::number(number).rightJustified(match.capturedLength(1), u'0');
                longer.append({name + before + value, values + QStringList{value}});
                if (longer.size() > mostBlobs)
                    return longer;
            }
        }
        names = longer;
    }
    for (auto &name : names)
        name.first += pattern.mid(copied);
    return names;
}

} // namespace Sandbox
