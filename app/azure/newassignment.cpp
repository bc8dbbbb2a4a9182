#include "azure/newassignment.h"

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

QString shellWord(const QString &text)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_./:=@%+-]+\\z"_s);
    if (plain.match(text).hasMatch())
        return text;
    QString inside = text;
    return u'\'' + inside.replace(u'\'', u"'\\''"_s) + u'\'';
}

QString azCommand(const NewAssignment &wanted, const QString &roleName)
{
    QString command =
        u"az role assignment create --assignee-object-id %1 --assignee-principal-type %2 --role %3 --scope %4"_s
            .arg(shellWord(wanted.principalId), shellWord(wanted.principalType),
                 shellWord(roleName.isEmpty() ? wanted.roleDefinitionId : roleName),
                 shellWord(wanted.scope.id()));
    if (!wanted.condition.isEmpty())
        command += u" --condition-version 2.0 --condition "_s + shellWord(wanted.condition);
    if (!wanted.description.isEmpty())
        command += u" --description "_s + shellWord(wanted.description);
    return command;
}

QString azDeleteAssignment(const QString &id)
{
    return u"az role assignment delete --ids "_s + shellWord(id);
}

} // namespace Azure
