#include "sandbox/authorizer.h"

#include "access/accessdecision.h"
#include "sandbox/blobrequest.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs"_s;

void addTags(Access::AttributeSet &set, const QMap<QString, QString> &tags)
{
    if (tags.isEmpty())
        return;
    QList<Access::ConditionValue> keys;
    for (auto it = tags.begin(); it != tags.end(); ++it) {
        keys.append(it.key());
        set.values.insert(s_blobs + u"/tags:"_s + it.key() + u"<$key_case_sensitive$>"_s,
                          {it.value()});
    }
    set.values.insert(s_blobs + u"/tags&$keys$&"_s, keys);
}

const Blob *seeded(const Account &account, const BlobPlace &place)
{
    for (const Container &container : account.containers) {
        if (container.name != place.container)
            continue;
        for (const Blob &blob : container.blobs) {
            if (blob.name == place.blob)
                return &blob;
        }
    }
    return nullptr;
}

/// "r-x" and "-wx" make "rwx".
QString together(QString rights, const QString &more)
{
    for (qsizetype i = 0; i < std::min(rights.size(), more.size()); ++i) {
        if (rights[i] == u'-')
            rights[i] = more[i];
    }
    return rights;
}

void addQuery(Access::AttributeSet &set, const BlobRequest &request, const QString &key,
              const QString &attribute)
{
    if (const QString value = request.value(key); !value.isNull())
        set.values.insert(s_blobs + u':' + attribute, {value});
}

} // namespace

Authorizer::Authorizer(const Scenario &scenario, const RoleRegister &roles)
    : m_scenario(scenario)
    , m_roles(roles)
{
}

bool Authorizer::reaches(const Azure::Scope &above, const Azure::Scope &scope) const
{
    return above.contains(scope) ||
           m_scenario.managementGroupsAbove(scope).contains(above.id(), Qt::CaseInsensitive);
}

QStringList Authorizer::identities(const QString &objectId) const
{
    QStringList all{objectId.toLower()};
    for (const Group &group : m_scenario.groups) {
        if (group.members.contains(objectId, Qt::CaseInsensitive))
            all.append(group.id);
    }
    return all;
}

bool Authorizer::allows(const QString &objectId, const QString &action, const Azure::Scope &scope,
                        const QDateTime &now) const
{
    Access::EvaluationInput input{identities(objectId),
                                  {{{action, false}}},
                                  scope,
                                  m_scenario.managementGroupsAbove(scope),
                                  {}};
    input.circumstances.environment.values.insert(u"UtcNow"_s,
                                                  {now.toUTC().toString(Qt::ISODateWithMs)});
    return all().evaluate(input).decision == Access::Decision::Allowed;
}

bool Authorizer::allows(const QString &objectId, const Account &account,
                        const BlobRequest &request, const QDateTime &now) const
{
    const bool atAccount = request.operation.place == Access::BlobOperation::Place::Account;
    const Azure::Scope scope =
        atAccount ? account.scope() : account.scope().container(request.place.container);
    const Access::EvaluationInput input{identities(objectId), request.operation.anyOf, scope,
                                        m_scenario.managementGroupsAbove(scope),
                                        circumstances(objectId, account, request, now)};
    return Access::decide(effective(now), input).decision == Access::Decision::Allowed;
}

bool Authorizer::allowsAll(const QString &objectId, const Account &account,
                           const QList<Access::RequiredPermission> &permissions) const
{
    Access::EvaluationInput input{identities(objectId),
                                  {permissions},
                                  account.scope(),
                                  m_scenario.managementGroupsAbove(account.scope()),
                                  {}};
    const Subscription *subscription = m_scenario.subscription(account.subscription);
    input.circumstances.subscriptionContainsDatabricks = subscription && subscription->databricks;
    return effective(m_roles.startedAt()).evaluate(input).decision == Access::Decision::Allowed;
}

const Access::RoleEvaluator &
Authorizer::prepared(Prepared &kept, const QList<Azure::RoleAssignment> &assignments) const
{
    if (!kept.evaluator || kept.revision != m_roles.revision() || kept.assignments != assignments)
        kept = {m_roles.revision(), assignments,
                std::make_unique<const Access::RoleEvaluator>(assignments, m_roles.definitions(),
                                                              m_scenario.denies)};
    return *kept.evaluator;
}

const Access::RoleEvaluator &Authorizer::all() const
{
    return prepared(m_all, m_roles.assignments());
}

const Access::RoleEvaluator &Authorizer::effective(const QDateTime &now) const
{
    return prepared(m_effective, m_roles.effective(now));
}

// A blob's tags and whether it exists are as the scenario put it there; what was written since is
// not looked up.
Access::Circumstances Authorizer::circumstances(const QString &objectId, const Account &account,
                                                const BlobRequest &request,
                                                const QDateTime &now) const
{
    const BlobPlace &place = request.place;
    Access::Circumstances all;
    all.operation = request.operation.name;
    all.hierarchicalNamespace = account.hierarchicalNamespace;
    const Subscription *subscription = m_scenario.subscription(account.subscription);
    all.subscriptionContainsDatabricks = subscription && subscription->databricks;
    all.environment.told = true;
    all.environment.values.insert(u"UtcNow"_s, {now.toUTC().toString(Qt::ISODateWithMs)});
    all.environment.values.insert(u"isPrivateLink"_s, {false});
    all.principal.told = true;

    all.request.told = true;
    addTags(all.request, request.tags);
    addQuery(all.request, request, u"prefix"_s, u"prefix"_s);
    addQuery(all.request, request, u"snapshot"_s, u"snapshot"_s);
    addQuery(all.request, request, u"versionid"_s, u"versionId"_s);

    all.resource.told = true;
    if (!place.blob.isEmpty()) {
        const Blob *blob = seeded(account, place);
        all.blobExists = blob != nullptr;
        all.resource.values.insert(s_blobs + u":path"_s, {place.blob});
        all.resource.values.insert(
            s_blobs + u":isCurrentVersion"_s,
            {request.value(u"versionid"_s).isNull() && request.value(u"snapshot"_s).isNull()});
        if (blob)
            addTags(all.resource, blob->tags);
    }
    QHash<QString, QString> acl;
    // An entry of one's own decides; without one those of the groups count together (data-lake-storage-access-control.md).
    const QStringList who = identities(objectId);
    for (const QString &identity : account.acl.contains(who.first()) ? who.first(1) : who) {
        const QMap<QString, QString> entries = account.acl.value(identity).value(place.container);
        for (auto it = entries.begin(); it != entries.end(); ++it) {
            QString &rights = acl[it.key()];
            rights = rights.isEmpty() ? it.value() : together(rights, it.value());
        }
    }
    // An ACL that names nobody gives nothing: the directories it does not list give "---".
    if (account.hierarchicalNamespace) {
        const QString path = place.blob.isEmpty() ? request.value(u"prefix"_s) : place.blob;
        QStringList asked{u"/"_s};
        for (qsizetype slash = path.indexOf(u'/'); slash >= 0; slash = path.indexOf(u'/', slash + 1))
            asked.append(path.left(slash));
        if (!path.endsWith(u'/')) // a prefix that ends so names a directory, which is there already
            asked.append(path);
        for (const QString &part : asked) {
            if (!part.isEmpty() && !acl.contains(part))
                acl.insert(part, u"---"_s);
        }
        all.acl = acl;
    }
    return all;
}

} // namespace Sandbox
