#include "sandbox/graphcredentials.h"

#include "sandbox/certificates.h"
#include "sandbox/graphdocuments.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr int s_years = 2; ///< how long a secret lasts of which nothing else was said

QDateTime timeOf(const QJsonValue &value, const QDateTime &otherwise)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODate);
    return time.isValid() ? time.toUTC() : otherwise;
}

const KeyCredential *byKeyId(const QList<KeyCredential> &keys, const QString &id)
{
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const KeyCredential &one) {
        return one.keyId.compare(id, Qt::CaseInsensitive) == 0;
    });
    return found == keys.end() ? nullptr : &*found;
}

void write(FederatedCredential &credential, const QJsonObject &body)
{
    const auto text = [&](const QString &key, QString &into) {
        if (body.contains(key))
            into = body.value(key).toString();
    };
    text(u"issuer"_s, credential.issuer);
    text(u"subject"_s, credential.subject);
    text(u"description"_s, credential.description);
    if (body.contains(u"audiences"_s)) {
        credential.audiences.clear();
        for (const QJsonValue &one : body.value(u"audiences"_s).toArray())
            credential.audiences.append(one.toString());
    }
}

} // namespace

std::variant<QString, QList<KeyCredential>>
readKeys(const QJsonArray &given, const QList<KeyCredential> &before, const QDateTime &now)
{
    QList<KeyCredential> keys;
    for (const QJsonValue &value : given) {
        const QJsonObject one = value.toObject();
        const QString id = one.value(u"keyId"_s).toString(newId());
        const QString base64 = one.value(u"key"_s).toString();
        if (const KeyCredential *kept = byKeyId(before, id); kept && base64.isEmpty()) {
            keys.append(*kept);
            continue;
        }
        QByteArray der = QByteArray::fromBase64(base64.toLatin1());
        if (der.startsWith("-----BEGIN")) // a whole PEM file in base64 is taken as well
            der = QByteArray::fromBase64(
                der.split('\n').mid(1).join().split('-').value(0).replace('\r', ""));
        const auto facts = readCertificate(der);
        if (!facts)
            return u"Key credential is invalid: its key is no X.509 certificate."_s;
        keys.append({.keyId = id,
                     .displayName = one.value(u"displayName"_s).toString(facts->subject),
                     .certificate = der,
                     .start = timeOf(one.value(u"startDateTime"_s), facts->notBefore),
                     .end = timeOf(one.value(u"endDateTime"_s), facts->notAfter),
                     .added = now});
        if (keys.last().end > facts->notAfter.addSecs(1))
            return u"Key credential end date is invalid."_s;
    }
    return keys;
}

GraphCredentials::GraphCredentials(Directory &directory)
    : m_directory(directory)
{
}

Answer GraphCredentials::answer(const GraphCall &call, const DirectoryObject &object)
{
    const QString action = call.path.value(2);
    if (action == u"addPassword" && call.verb() == "POST")
        return addPassword(call, object);
    if (action == u"removePassword" && call.verb() == "POST")
        return removePassword(call, object);
    if (action == u"federatedIdentityCredentials" &&
        object.kind == DirectoryObject::Kind::Application)
        return federations(call, object);
    return graphUnknown(call);
}

Answer GraphCredentials::addPassword(const GraphCall &call, const DirectoryObject &object)
{
    const QJsonObject asked = call.body.value(u"passwordCredential"_s).toObject();
    const QDateTime start = timeOf(asked.value(u"startDateTime"_s), call.now);
    const PasswordCredential password{
        .keyId = newId(),
        .displayName = asked.value(u"displayName"_s).toString(),
        .value = newSecretValue(),
        .start = start,
        .end = timeOf(asked.value(u"endDateTime"_s), start.addYears(s_years)),
        .added = call.now};
    if (password.end <= password.start)
        return graphBadRequest(call, u"The credential's end date must be after its start date."_s);
    m_directory.change(object.id,
                       [&](DirectoryObject &changed) { changed.passwords.prepend(password); });
    Answer answer = graphAnswer(
        call, 200, newPasswordDocument(password, object.kind == DirectoryObject::Kind::Application),
        u"microsoft.graph.passwordCredential"_s);
    answer.set("Location", call.service.section(u'/', 0, 2).toLatin1());
    return answer;
}

Answer GraphCredentials::removePassword(const GraphCall &call, const DirectoryObject &object)
{
    const QString id = call.body.value(u"keyId"_s).toString();
    const auto is = [&](const PasswordCredential &one) {
        return one.keyId.compare(id, Qt::CaseInsensitive) == 0;
    };
    if (std::none_of(object.passwords.begin(), object.passwords.end(), is))
        return graphBadRequest(call, u"No password credential found with keyId."_s);
    m_directory.change(object.id,
                       [&](DirectoryObject &changed) { changed.passwords.removeIf(is); });
    return graphDone(call);
}

Answer GraphCredentials::federations(const GraphCall &call, const DirectoryObject &object)
{
    const QString context = u"applications('%1')/federatedIdentityCredentials"_s.arg(object.id);
    const QString asked = call.path.value(3);
    if (asked.isEmpty() && call.verb() == "GET") {
        QJsonArray values;
        for (const FederatedCredential &one : object.federations)
            values.append(federatedCredentialDocument(one));
        return graphAnswer(call, 200, {{u"value"_s, values}}, context);
    }
    if (asked.isEmpty() && call.verb() == "POST")
        return addFederation(call, object, context);
    for (const FederatedCredential &one : object.federations) {
        if (one.id == asked || one.name == asked)
            return federation(call, object, one, context);
    }
    return asked.isEmpty() ? graphUnknown(call) : graphNotFound(call, asked);
}

Answer GraphCredentials::addFederation(const GraphCall &call, const DirectoryObject &object,
                                       const QString &context)
{
    constexpr qsizetype most = 20; // "a maximum of 20 … per application object"
    FederatedCredential credential{
        .id = newId(), .name = call.body.value(u"name"_s).toString(), .added = call.now};
    write(credential, call.body);
    if (credential.name.isEmpty() || credential.issuer.isEmpty() || credential.subject.isEmpty() ||
        credential.audiences.size() != 1)
        return graphBadRequest(
            call,
            u"A federated identity credential needs name, issuer, subject and one audience."_s);
    for (const FederatedCredential &one : object.federations) {
        if (one.name == credential.name ||
            (one.issuer == credential.issuer && one.subject == credential.subject))
            return graphFailure(
                409, u"Request_MultipleObjectsWithSameKeyValue"_s,
                u"FederatedIdentityCredential with name %1 already exists."_s.arg(one.name),
                call.request, call.now);
    }
    if (object.federations.size() >= most)
        return graphBadRequest(
            call, u"An application has at most %1 federated identity credentials."_s.arg(most));
    m_directory.change(object.id,
                       [&](DirectoryObject &changed) { changed.federations.append(credential); });
    return graphCreated(call, federatedCredentialDocument(credential), context + u"/$entity"_s,
                        u"federatedIdentityCredentials/"_s + credential.id);
}

Answer GraphCredentials::federation(const GraphCall &call, const DirectoryObject &object,
                                    const FederatedCredential &credential, const QString &context)
{
    const QString id = credential.id;
    const auto is = [&](const FederatedCredential &one) { return one.id == id; };
    if (call.verb() == "GET")
        return graphAnswer(call, 200, federatedCredentialDocument(credential),
                           context + u"/$entity"_s);
    if (call.verb() == "PATCH") {
        m_directory.change(object.id, [&](DirectoryObject &changed) {
            const auto found =
                std::find_if(changed.federations.begin(), changed.federations.end(), is);
            write(*found, call.body);
            found->added = call.now;
        });
        return graphDone(call);
    }
    if (call.verb() != "DELETE")
        return graphUnknown(call);
    m_directory.change(object.id,
                       [&](DirectoryObject &changed) { changed.federations.removeIf(is); });
    return graphDone(call);
}

} // namespace Sandbox
