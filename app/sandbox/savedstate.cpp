#include "sandbox/savedstate.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

QJsonValue text(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QDateTime time(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

QStringList strings(const QJsonValue &value)
{
    QStringList all;
    for (const QJsonValue &one : value.toArray())
        all.append(one.toString());
    return all;
}

template<typename List, typename Write>
QJsonArray written(const List &list, Write write)
{
    QJsonArray all;
    for (const auto &one : list)
        all.append(write(one));
    return all;
}

template<typename T, typename Read>
QList<T> listed(const QJsonValue &array, Read read)
{
    QList<T> all;
    for (const QJsonValue &one : array.toArray())
        all.append(read(one.toObject()));
    return all;
}

QJsonObject write(const PasswordCredential &one)
{
    return {{u"keyId"_s, one.keyId},   {u"displayName"_s, one.displayName},
            {u"value"_s, one.value},   {u"start"_s, text(one.start)},
            {u"end"_s, text(one.end)}, {u"added"_s, text(one.added)}};
}

PasswordCredential readPassword(const QJsonObject &one)
{
    return {one[u"keyId"_s].toString(), one[u"displayName"_s].toString(),
            one[u"value"_s].toString(), time(one[u"start"_s]),
            time(one[u"end"_s]),        time(one[u"added"_s])};
}

QJsonObject write(const KeyCredential &one)
{
    return {{u"keyId"_s, one.keyId},
            {u"displayName"_s, one.displayName},
            {u"certificate"_s, QString::fromLatin1(one.certificate.toBase64())},
            {u"start"_s, text(one.start)},
            {u"end"_s, text(one.end)},
            {u"added"_s, text(one.added)}};
}

KeyCredential readKey(const QJsonObject &one)
{
    return {one[u"keyId"_s].toString(),
            one[u"displayName"_s].toString(),
            QByteArray::fromBase64(one[u"certificate"_s].toString().toLatin1()),
            time(one[u"start"_s]),
            time(one[u"end"_s]),
            time(one[u"added"_s])};
}

QJsonObject write(const FederatedCredential &one)
{
    return {{u"id"_s, one.id},
            {u"name"_s, one.name},
            {u"issuer"_s, one.issuer},
            {u"subject"_s, one.subject},
            {u"description"_s, one.description},
            {u"audiences"_s, QJsonArray::fromStringList(one.audiences)},
            {u"added"_s, text(one.added)}};
}

FederatedCredential readFederation(const QJsonObject &one)
{
    return {one[u"id"_s].toString(),
            one[u"name"_s].toString(),
            one[u"issuer"_s].toString(),
            one[u"subject"_s].toString(),
            one[u"description"_s].toString(),
            strings(one[u"audiences"_s]),
            time(one[u"added"_s])};
}

QJsonObject write(const DirectoryObject &object)
{
    const auto each = [](const auto &one) { return QJsonValue(write(one)); };
    return {{u"kind"_s, int(object.kind)},
            {u"id"_s, object.id},
            {u"tenant"_s, object.tenant},
            {u"appId"_s, object.appId},
            {u"displayName"_s, object.displayName},
            {u"properties"_s, object.properties},
            {u"owners"_s, QJsonArray::fromStringList(object.owners)},
            {u"created"_s, text(object.created)},
            {u"deleted"_s, text(object.deleted)},
            {u"passwords"_s, written(object.passwords, each)},
            {u"keys"_s, written(object.keys, each)},
            {u"federations"_s, written(object.federations, each)}};
}

DirectoryObject readObject(const QJsonObject &one)
{
    return {.kind = DirectoryObject::Kind(one[u"kind"_s].toInt()),
            .id = one[u"id"_s].toString(),
            .tenant = one[u"tenant"_s].toString(),
            .appId = one[u"appId"_s].toString(),
            .displayName = one[u"displayName"_s].toString(),
            .properties = one[u"properties"_s].toObject(),
            .owners = strings(one[u"owners"_s]),
            .created = time(one[u"created"_s]),
            .deleted = time(one[u"deleted"_s]),
            .passwords = listed<PasswordCredential>(one[u"passwords"_s], readPassword),
            .keys = listed<KeyCredential>(one[u"keys"_s], readKey),
            .federations = listed<FederatedCredential>(one[u"federations"_s], readFederation)};
}

} // namespace

QByteArray savedState(const Directory &directory, const RoleRegister &roles)
{
    const auto each = [](const DirectoryObject &one) { return QJsonValue(write(one)); };
    return QJsonDocument(QJsonObject{{u"format"_s, 1},
                                     {u"directory"_s, written(directory.objects(), each)},
                                     {u"roles"_s, roles.saved()}})
        .toJson(QJsonDocument::Compact);
}

bool restoreState(const QByteArray &bytes, Directory &directory, RoleRegister &roles)
{
    const QJsonObject state = QJsonDocument::fromJson(bytes).object();
    if (state[u"format"_s].toInt() != 1 || !roles.restore(state[u"roles"_s].toObject()))
        return false;
    directory.replaceObjects(listed<DirectoryObject>(state[u"directory"_s], readObject));
    return true;
}

} // namespace Sandbox
