#include "sandbox/savedstate.h"

#include "core/storedjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr int s_lastKind = int(DirectoryObject::Kind::Group);

QJsonValue text(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QDateTime time(Core::StoredJson &from, const QString &name)
{
    // savedState() writes null for no time.
    return from.all().value(name).isNull() ? QDateTime() : from.time(name).toUTC();
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
QList<T> listed(QList<Core::StoredJson> array, Read read)
{
    QList<T> all;
    for (Core::StoredJson &one : array)
        all.append(read(one));
    return all;
}

QJsonObject write(const PasswordCredential &one)
{
    return {{u"keyId"_s, one.keyId},   {u"displayName"_s, one.displayName},
            {u"value"_s, one.value},   {u"start"_s, text(one.start)},
            {u"end"_s, text(one.end)}, {u"added"_s, text(one.added)}};
}

PasswordCredential readPassword(Core::StoredJson &one)
{
    return {one.text(u"keyId"_s), one.text(u"displayName"_s),
            one.text(u"value"_s), time(one, u"start"_s),
            time(one, u"end"_s),        time(one, u"added"_s)};
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

KeyCredential readKey(Core::StoredJson &one)
{
    return {one.text(u"keyId"_s),
            one.text(u"displayName"_s),
            QByteArray::fromBase64(one.text(u"certificate"_s).toLatin1()),
            time(one, u"start"_s),
            time(one, u"end"_s),
            time(one, u"added"_s)};
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

FederatedCredential readFederation(Core::StoredJson &one)
{
    return {one.text(u"id"_s),
            one.text(u"name"_s),
            one.text(u"issuer"_s),
            one.text(u"subject"_s),
            one.text(u"description"_s),
            one.texts(u"audiences"_s),
            time(one, u"added"_s)};
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

DirectoryObject readObject(Core::StoredJson &one)
{
    return {.kind = DirectoryObject::Kind(one.number(u"kind"_s, 0, s_lastKind, 0)),
            .id = one.text(u"id"_s),
            .tenant = one.text(u"tenant"_s),
            .appId = one.text(u"appId"_s),
            .displayName = one.text(u"displayName"_s),
            .properties = one.object(u"properties"_s).all(),
            .owners = one.texts(u"owners"_s),
            .created = time(one, u"created"_s),
            .deleted = time(one, u"deleted"_s),
            .passwords = listed<PasswordCredential>(one.objects(u"passwords"_s), readPassword),
            .keys = listed<KeyCredential>(one.objects(u"keys"_s), readKey),
            .federations = listed<FederatedCredential>(one.objects(u"federations"_s), readFederation)};
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

Core::Result<void> restoreState(const QByteArray &bytes, const QString &path, Directory &directory,
                                RoleRegister &roles)
{
    Core::StoredJson state = Core::StoredJson::parse(bytes);
    state.version(u"format"_s, 1);
    const auto objects =
        listed<DirectoryObject>(state.neededObjects(u"directory"_s), readObject);
    QSet<QString> ids;
    for (const DirectoryObject &one : objects) {
        if (one.id.isEmpty() || ids.contains(one.id))
            state.fail(u"directory"_s, u"has an object without an ID, or two with one ID"_s);
        ids.insert(one.id);
    }
    Core::StoredJson saved = state.object(u"roles"_s);
    saved.neededObjects(u"assignments"_s);
    saved.objects(u"definitions"_s);
    const QJsonObject histories = saved.object(u"histories"_s).all();
    for (auto it = histories.begin(); it != histories.end(); ++it) {
        if (!it.value().isArray() || it.value().toArray().size() != 4)
            saved.fail(u"histories"_s, u"must hold lists of four"_s);
    }
    if (state.isGood() && !roles.restore(saved.all()))
        state.fail(u"roles"_s, u"cannot be read"_s);
    if (!state.isGood())
        return Core::Error{
            .kind = Core::Error::Kind::InvalidInput,
            .message = u"The sandbox's state “%1” %2; it was left as it is."_s.arg(path, state.problem()),
            .code = u"StateUnreadable"_s,
            .nextStep =
                u"Move it away to start without what was registered and assigned, or name another folder by --state."_s};
    directory.replaceObjects(objects);
    return {};
}

} // namespace Sandbox
