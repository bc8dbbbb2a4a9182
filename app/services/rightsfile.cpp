#include "services/rightsreader.h"

#include "core/commandtext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Services {

using namespace Qt::StringLiterals;
using Access::AuthorizationFacts;
using Core::Error;
using Core::Result;

namespace {

QByteArray part(const QJsonObject &bundle, const QString &key)
{
    const QJsonValue value = bundle[key];
    if (value.isArray())
        return QJsonDocument(value.toArray()).toJson();
    return value.isObject() ? QJsonDocument(value.toObject()).toJson() : QByteArray("[]");
}

// The account's resource ID, from any assignment at it or below.
Result<Azure::Scope> accountIn(const QList<Azure::RoleAssignment> &assignments, const QString &name)
{
    for (const Azure::RoleAssignment &one : assignments) {
        const QString id = one.scope.id();
        const QString wanted = u"/storageAccounts/"_s + name;
        const qsizetype at = id.indexOf(wanted, 0, Qt::CaseInsensitive);
        const qsizetype end = at + wanted.size();
        if (at > 0 && (end == id.size() || id[end] == u'/'))
            return Azure::Scope::parse(id.left(end));
    }
    return Error{.kind = Error::Kind::InvalidInput,
                 .message = u"The file does not say where the account “%1” is, and none of its assignments is at the account."_s.arg(name),
                 .nextStep = u"Give {\"roleAssignments\": …, \"storageAccount\": …}; the latter is printed by: "_s
                     + Core::Command{u"az", u"storage", u"account", u"show", u"-o", u"json"}.option(u"--name", name).text()};
}

} // namespace

Result<AuthorizationFacts> rightsFromFile(const QByteArray &json, const QString &accountName)
{
    const QJsonObject object = QJsonDocument::fromJson(json.startsWith("\xEF\xBB\xBF") ? json.mid(3) : json).object();
    const bool bundle = object.contains(u"roleAssignments"_s);
    const auto assignments = Azure::roleAssignmentsFromJson(bundle ? part(object, u"roleAssignments"_s) : json);
    if (!assignments)
        return assignments.error();
    const auto definitions = Azure::roleDefinitionsFromJson(bundle ? part(object, u"roleDefinitions"_s) : "[]");
    if (!definitions)
        return definitions.error();
    const auto denies = Azure::denyAssignmentsFromJson(bundle ? part(object, u"denyAssignments"_s) : "[]");
    if (!denies)
        return denies.error();

    AuthorizationFacts facts;
    facts.assignments = assignments->entries;
    facts.definitions = Azure::builtInRoles() + definitions->entries;
    facts.denies = denies->entries;
    if (object[u"storageAccount"].isObject()) {
        const auto account = Azure::storageAccountFromJson(object[u"storageAccount"].toObject());
        if (!account)
            return account.error();
        facts.account = account->scope;
        facts.hierarchicalNamespace = account->hierarchicalNamespace.value_or(false);
        facts.sharedKeyAllowed = account->sharedKeyAllowed;
        facts.publicAccessAllowed = account->publicAccessAllowed;
        facts.networkRestricted = account->networkRestricted;
    } else {
        const Result<Azure::Scope> account = accountIn(facts.assignments, accountName);
        if (!account)
            return account.error();
        facts.account = *account;
    }
    facts.applicationObjectId = object[u"application"][u"id"].toString();
    if (!assignments->complete)
        facts.notes.append({u"list-incomplete"_s, u"The list of role assignments goes on: its nextLink was not followed."_s,
                            u"Export all pages; `az role assignment list --all` does."_s, {}, u"certain"_s});
    return facts;
}

} // namespace Services
