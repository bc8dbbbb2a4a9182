#include "azure/newassignment.h"

#include "core/commandtext.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUuid>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr QUuid nameSpace{0x6f1d2c8e, 0x93a4, 0x4b7e, 0x8d, 0x15, 0x2e,
                          0x70,       0x5b,   0xc9,   0x4a, 0x36};

QString parent(const Scope &scope)
{
    return scope.id() == u"/" ? QString() : scope.id();
}

Http::Request request(const Identity::Cloud &cloud, const QByteArray &verb, const QString &path)
{
    Http::Request asked;
    asked.verb = verb;
    asked.url = cloud.resourceManager;
    asked.url.setPath(path);
    asked.url.setQuery(u"api-version=2022-04-01"_s);
    asked.headers = {{"Accept", "application/json"}};
    asked.trust = cloud.trust;
    return asked;
}

} // namespace

QString NewAssignment::name() const
{
    const QString what = scope.id().toLower() + u'\n' + principalId.trimmed().toLower() + u'\n' +
                         roleDefinitionId.trimmed().toLower();
    return QUuid::createUuidV5(nameSpace, what).toString(QUuid::WithoutBraces);
}

QString NewAssignment::id() const
{
    return parent(scope) + u"/providers/Microsoft.Authorization/roleAssignments/"_s + name();
}

Http::Request createAssignmentRequest(const Identity::Cloud &cloud, const NewAssignment &wanted)
{
    const QString subscription = wanted.scope.subscriptionId();
    const QString definedIn =
        subscription.isEmpty() ? QString() : u"/subscriptions/"_s + subscription;
    QJsonObject properties{{u"roleDefinitionId"_s,
                            definedIn + u"/providers/Microsoft.Authorization/roleDefinitions/"_s +
                                wanted.roleDefinitionId},
                           {u"principalId"_s, wanted.principalId},
                           {u"principalType"_s, wanted.principalType}};
    if (!wanted.description.isEmpty())
        properties[u"description"_s] = wanted.description;
    if (!wanted.condition.isEmpty()) {
        properties[u"condition"_s] = wanted.condition;
        properties[u"conditionVersion"_s] = u"2.0"_s;
    }
    Http::Request asked = request(cloud, "PUT", wanted.id());
    asked.headers.emplace_back("Content-Type", "application/json");
    asked.body =
        QJsonDocument(QJsonObject{{u"properties"_s, properties}}).toJson(QJsonDocument::Compact);
    return asked;
}

Result<Http::Request> deleteAssignmentRequest(const Identity::Cloud &cloud, const QString &id)
{
    static const QRegularExpression form(
        u"^(?:/[^/?#]+)*/providers/Microsoft\\.Authorization/roleAssignments/[0-9a-f-]{36}$"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (!form.match(id).hasMatch()) {
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” is no resource ID of a role assignment."_s.arg(id.left(200)),
                     .nextStep = u"Take it from the list of assignments."_s};
    }
    return request(cloud, "DELETE", id);
}

QString azCommand(const NewAssignment &wanted, const QString &roleName)
{
    Core::Command command{u"az", u"role", u"assignment", u"create"};
    command.option(u"--assignee-object-id", wanted.principalId)
        .option(u"--assignee-principal-type", wanted.principalType)
        .option(u"--role", roleName.isEmpty() ? wanted.roleDefinitionId : roleName)
        .option(u"--scope", wanted.scope.id());
    // az takes a value that begins with @ for the name of a file; brackets around a condition do not change it.
    const QString condition = wanted.condition.startsWith(u'@') ? u'(' + wanted.condition + u')' : wanted.condition;
    if (!condition.isEmpty())
        command.option(u"--condition-version", u"2.0"_s).option(u"--condition", condition);
    if (!wanted.description.isEmpty())
        command.option(u"--description", wanted.description);
    return command.text();
}

QString azDeleteAssignment(const QString &id)
{
    return Core::Command{u"az", u"role", u"assignment", u"delete"}.option(u"--ids", id).text();
}

} // namespace Azure
