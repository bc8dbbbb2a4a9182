#include "lifecycle/fakedirectory.h"

#include "identity/certificate.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrlQuery>
#include <QUuid>
#include <algorithm>

namespace Test {

using namespace Qt::StringLiterals;
using Http::Response;

namespace {

Response respond(int status, const QJsonObject &body = {})
{
    Response response;
    response.status = status;
    if (status != 204)
        response.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return response;
}

Response refusal(int status, const QString &code)
{
    return respond(
        status, {{u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, u"no: "_s + code}}}});
}

QJsonObject toJson(const FakeDirectory::App &app)
{
    QJsonArray passwords;
    for (const auto &one : app.passwords) {
        passwords.append(QJsonObject{{u"keyId"_s, one.keyId},
                                     {u"displayName"_s, one.name},
                                     {u"hint"_s, one.secret.left(3)},
                                     {u"endDateTime"_s, one.endsAt}});
    }
    QJsonArray keys; // without the certificates, as Graph lists them
    for (const auto &one : app.keys) {
        keys.append(QJsonObject{
            {u"keyId"_s, one.keyId},
            {u"displayName"_s, one.name},
            {u"endDateTime"_s, one.endsAt},
            {u"customKeyIdentifier"_s,
             QString::fromLatin1(
                 QCryptographicHash::hash(one.der, QCryptographicHash::Sha1).toHex().toUpper())},
            {u"key"_s, QJsonValue()}});
    }
    return {{u"id"_s, app.id},
            {u"appId"_s, app.appId},
            {u"displayName"_s, app.name},
            {u"passwordCredentials"_s, passwords},
            {u"keyCredentials"_s, keys}};
}

QJsonObject toJson(const FakeDirectory::Sp &sp)
{
    return {{u"id"_s, sp.id},
            {u"appId"_s, sp.appId},
            {u"displayName"_s, sp.name},
            {u"accountEnabled"_s, true}};
}

QString freshId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

QString filterOf(const Http::Request &request)
{
    return QUrlQuery(request.url).queryItemValue(u"$filter"_s, QUrl::FullyDecoded);
}

QString literal(const QString &filter)
{
    static const QRegularExpression text(u"'(.*)'"_s);
    return text.match(filter).captured(1).replace(u"''"_s, u"'"_s);
}

} // namespace

std::pair<bool, bool> Fate::meet()
{
    if (m_dead)
        return {false, false};
    if (++m_count != dieAt)
        return {true, true};
    m_dead = true;
    return {moment == Moment::After, false};
}

void FakeDirectory::send(Http::Request request, QObject *context, Core::Done<Response> done)
{
    const auto [happens, answers] = m_fate.meet();
    Response response;
    if (happens) {
        requests.append(request);
        response = answer(request);
        response.url = request.url;
    }
    if (answers)
        Core::deliver(context, std::move(done), std::move(response));
}

Response FakeDirectory::answer(const Http::Request &request)
{
    if (refuse) {
        if (const auto [status, code] = refuse(request); status != 0)
            return refusal(status, code);
    }
    const QString host = request.url.host();
    if (host.startsWith(u"login."))
        return token(request);
    return host.startsWith(u"graph.") ? graph(request, request.url.path().mid(6)) : arm(request);
}

Response FakeDirectory::graph(const Http::Request &request, const QString &path)
{
    const QStringList parts = path.split(u'/');
    if (parts[0] == u"applications")
        return applications(request, parts);
    if (parts[0] == u"servicePrincipals")
        return servicePrincipals(request, parts);
    if (path.startsWith(u"directory/deletedItems/") && path.endsWith(u"/restore"))
        return restore(parts[2]);
    return refusal(400, u"BadRequest"_s);
}

Response FakeDirectory::applications(const Http::Request &request, const QStringList &path)
{
    const QJsonObject body = QJsonDocument::fromJson(request.body).object();
    if (path.size() == 1 && request.verb == "POST") {
        apps.append({freshId(), freshId(), body[u"displayName"].toString(), {}, false});
        if (body[u"keyCredentials"].toArray().size() > 0)
            (void)setKeys(apps.last(), body[u"keyCredentials"].toArray());
        return respond(201, toJson(apps.constLast()));
    }
    if (path.size() == 1) {
        const QString filter = filterOf(request);
        QJsonArray found;
        for (const App &one : apps) {
            const bool fits = filter.startsWith(u"appId") ? one.appId == literal(filter)
                                                          : one.name.startsWith(literal(filter));
            if (fits && !one.deleted)
                found.append(toJson(one));
        }
        return respond(200, {{u"value"_s, found}});
    }
    App *found = app(path[1]);
    if (!found || found->deleted)
        return refusal(404, u"Request_ResourceNotFound"_s);
    if (path.size() == 2 && request.verb == "DELETE") {
        found->deleted = true;
        return respond(204);
    }
    if (path.size() == 2 && request.verb == "PATCH")
        return setKeys(*found, body[u"keyCredentials"].toArray());
    if (path.size() == 2) {
        App shown = *found;
        if (keysLag > 0 && keysLag-- > 0)
            shown.keys.clear();
        return respond(200, toJson(shown));
    }
    if (path[2] == u"addPassword") {
        const QJsonObject wish = body[u"passwordCredential"].toObject();
        const QString secret = u"%1~new-secret-%2"_s.arg(QChar(u'A' + m_made % 26)).arg(m_made);
        ++m_made;
        found->passwords.append({freshId(), wish[u"displayName"].toString(), secret,
                                 wish[u"endDateTime"].toString(), newPasswordRefusals});
        const Password &made = found->passwords.constLast();
        return respond(200, {{u"keyId"_s, made.keyId},
                             {u"displayName"_s, made.name},
                             {u"secretText"_s, secret},
                             {u"endDateTime"_s, made.endsAt},
                             {u"hint"_s, secret.left(3)}});
    }
    if (path[2] == u"removePassword") {
        const qsizetype removed = found->passwords.removeIf(
            [&](const Password &one) { return one.keyId == body[u"keyId"].toString(); });
        return removed > 0 ? respond(204) : refusal(400, u"Request_BadRequest"_s);
    }
    return refusal(400, u"BadRequest"_s);
}

// The whole list: what is not named goes, what has no keyId comes new.
Response FakeDirectory::setKeys(App &app, const QJsonArray &keys) const
{
    QList<Key> then;
    for (const QJsonValue &one : keys) {
        const QString keyId = one[u"keyId"].toString();
        const QByteArray der = QByteArray::fromBase64(one[u"key"].toString().toLatin1());
        const auto known = std::find_if(app.keys.cbegin(), app.keys.cend(),
                                        [&](const Key &key) { return key.keyId == keyId; });
        if (keyId.isEmpty() ? der.isEmpty() : known == app.keys.cend())
            return refusal(400, u"Request_BadRequest"_s);
        then.append(keyId.isEmpty() ? Key{freshId(), one[u"displayName"].toString(),
                                          one[u"endDateTime"].toString(), der, newPasswordRefusals}
                                    : *known);
    }
    app.keys = then;
    return respond(204);
}

Response FakeDirectory::servicePrincipals(const Http::Request &request, const QStringList &path)
{
    const QJsonObject body = QJsonDocument::fromJson(request.body).object();
    if (path.size() == 1 && request.verb == "POST") {
        const App *of = app(body[u"appId"].toString());
        if (!of || spRefusals-- > 0)
            return refusal(404, u"Request_ResourceNotFound"_s);
        principals.append({freshId(), of->appId, of->name, false});
        return respond(201, toJson(principals.constLast()));
    }
    if (path.size() == 1) {
        QJsonArray found;
        for (const Sp &one : principals) {
            const bool fits = filterOf(request).startsWith(u"displayName")
                                  ? one.name == literal(filterOf(request))
                                  : one.appId == literal(filterOf(request));
            if (fits && !one.deleted)
                found.append(toJson(one));
        }
        return respond(200, {{u"value"_s, found}});
    }
    for (Sp &one : principals) {
        if (one.id != path[1] || one.deleted)
            continue;
        one.deleted = request.verb == "DELETE";
        return one.deleted ? respond(204) : respond(200, toJson(one));
    }
    return refusal(404, u"Request_ResourceNotFound"_s);
}

Response FakeDirectory::restore(const QString &id)
{
    for (App &one : apps) {
        if (one.id == id && std::exchange(one.deleted, false))
            return respond(200, toJson(one));
    }
    for (Sp &one : principals) {
        if (one.id == id && std::exchange(one.deleted, false))
            return respond(200, toJson(one));
    }
    return refusal(404, u"Request_ResourceNotFound"_s);
}

Response FakeDirectory::arm(const Http::Request &request)
{
    const QString path = request.url.path();
    if (path == u"/subscriptions")
        return respond(200,
                       {{u"value"_s, QJsonArray{QJsonObject{{u"subscriptionId"_s, u"S1"_s}},
                                                QJsonObject{{u"subscriptionId"_s, u"S2"_s}}}}});
    if (request.verb == "PUT") {
        if (assignRefusals-- > 0)
            return refusal(400, u"PrincipalNotFound"_s);
        QJsonObject properties =
            QJsonDocument::fromJson(request.body).object()[u"properties"].toObject();
        properties[u"scope"_s] = path.left(path.indexOf(u"/providers/Microsoft.Authorization/"));
        for (auto it = assignments.cbegin(); it != assignments.cend(); ++it) {
            const QJsonObject old = it.value()[u"properties"].toObject();
            if (it.key() != path.toLower() && old[u"scope"] == properties[u"scope"] &&
                old[u"principalId"] == properties[u"principalId"] &&
                old[u"roleDefinitionId"] == properties[u"roleDefinitionId"])
                return refusal(409, u"RoleAssignmentExists"_s);
        }
        const bool fresh = !assignments.contains(path.toLower());
        assignments[path.toLower()] = QJsonObject{{u"id"_s, path}, {u"properties"_s, properties}};
        return respond(fresh ? 201 : 200, assignments[path.toLower()]);
    }
    if (request.verb == "DELETE")
        return assignments.contains(path.toLower()) ? respond(200, assignments.take(path.toLower()))
                                                    : respond(204);
    QJsonArray found;
    for (const QJsonObject &one : std::as_const(assignments)) {
        const QString scope = one[u"properties"][u"scope"].toString();
        const QString at = path.left(path.indexOf(u"/providers/Microsoft.Authorization/"));
        const bool near =
            scope.startsWith(at) || at.startsWith(scope) || scope.startsWith(u"/providers/");
        if (!listLags && near &&
            one[u"properties"][u"principalId"].toString() == literal(filterOf(request)))
            found.append(one);
    }
    return respond(200, {{u"value"_s, found}});
}

Response FakeDirectory::token(const Http::Request &request)
{
    const QUrlQuery form(QString::fromUtf8(request.secretBody.reveal().toByteArray()));
    App *of = app(form.queryItemValue(u"client_id"_s, QUrl::FullyDecoded));
    const QString secret = form.queryItemValue(u"client_secret"_s, QUrl::FullyDecoded);
    // The signature is checked by the sandbox, in tests/integration; here only whose it is.
    const QByteArray header =
        form.queryItemValue(u"client_assertion"_s).section(u'.', 0, 0).toLatin1();
    const QString thumbprint = QJsonDocument::fromJson(QByteArray::fromBase64(
        header, QByteArray::Base64UrlEncoding))[u"x5t#S256"]
                                   .toString();
    if (of && !of->deleted) {
        for (Key &one : of->keys) {
            const QByteArray hash =
                QCryptographicHash::hash(one.der, QCryptographicHash::Sha256)
                    .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
            if (thumbprint.toLatin1() == hash && one.refusals-- <= 0)
                return respond(200, {{u"access_token"_s, u"token"_s},
                                     {u"expires_in"_s, 3599},
                                     {u"token_type"_s, u"Bearer"_s}});
        }
        for (Password &one : of->passwords) {
            if (one.secret == secret && one.refusals-- <= 0)
                return respond(200, {{u"access_token"_s, u"token"_s},
                                     {u"expires_in"_s, 3599},
                                     {u"token_type"_s, u"Bearer"_s}});
        }
    }
    return respond(401,
                   {{u"error"_s, u"invalid_client"_s},
                    {u"error_description"_s, u"AADSTS7000215: Invalid client secret provided."_s}});
}

FakeDirectory::App &FakeDirectory::addApp(const QString &name, const QString &secret)
{
    apps.append({freshId(),
                 freshId(),
                 name,
                 {{freshId(), u"rbac"_s, secret, u"2026-03-01T00:00:00Z"_s, 0}},
                 false});
    principals.append({freshId(), apps.constLast().appId, name, false});
    return apps.last();
}

FakeDirectory::App &FakeDirectory::addCertifiedApp(const QString &name, const QByteArray &der)
{
    App &made = addApp(name, {});
    made.passwords.clear();
    made.keys = {{freshId(), u"CN=rbac"_s, u"2026-03-01T00:00:00Z"_s, der, 0}};
    return made;
}

FakeDirectory::App *FakeDirectory::app(const QString &id)
{
    const auto found = std::find_if(
        apps.begin(), apps.end(), [&](const App &one) { return one.id == id || one.appId == id; });
    return found == apps.end() ? nullptr : &*found;
}

bool FakeDirectory::accepts(const QString &appId, const QByteArray &secret) const
{
    const auto certificate = secret.startsWith("-----BEGIN")
                                 ? Identity::readCertificate(secret)
                                 : Core::Result<Identity::Certificate>(Core::Error{});
    for (const App &one : apps) {
        if (one.appId == appId && !one.deleted && certificate &&
            std::any_of(one.keys.cbegin(), one.keys.cend(), [&](const Key &each) {
                return each.der == certificate->der && each.refusals <= 0;
            }))
            return true;
        const auto &all = one.passwords;
        if (one.appId == appId && !one.deleted &&
            std::any_of(all.cbegin(), all.cend(), [&](const Password &each) {
                return each.secret.toUtf8() == secret && each.refusals <= 0;
            }))
            return true;
    }
    return false;
}

int FakeDirectory::livingApps() const
{
    return int(
        std::count_if(apps.cbegin(), apps.cend(), [](const App &one) { return !one.deleted; }));
}

QStringList FakeDirectory::log() const
{
    static const QRegularExpression guid(u"[0-9a-f]{8}-[0-9a-f-]{27}"_s);
    QStringList lines;
    for (const Http::Request &one : requests) {
        if (!one.url.host().startsWith(u"login."))
            lines.append(QString::fromLatin1(one.verb) + u' ' +
                         one.url.path().remove(u"/v1.0/"_s).replace(guid, u"{id}"_s));
    }
    return lines;
}

void FatefulStore::read(const QString &key, QObject *context,
                        Core::Done<std::optional<Core::Secret>> done)
{
    if (const auto [happens, answers] = m_fate.meet(); answers) {
        const auto found = entries.constFind(key);
        Core::deliver(context, std::move(done),
                      found == entries.cend() ? std::optional<Core::Secret>()
                                              : std::optional(*found));
    }
}

void FatefulStore::write(const QString &key, Core::Secret secret, QObject *context,
                         Core::Done<void> done)
{
    const auto [happens, answers] = m_fate.meet();
    if (happens && !failure)
        entries.insert(key, std::move(secret));
    if (answers)
        Core::deliver(context, std::move(done),
                      failure ? Core::Result<void>(*failure) : Core::Result<void>());
}

void FatefulStore::remove(const QString &key, QObject *context, Core::Done<void> done)
{
    const auto [happens, answers] = m_fate.meet();
    if (happens)
        entries.remove(key);
    if (answers)
        Core::deliver(context, std::move(done), {});
}

void FatefulStore::keys(const QString &prefix, QObject *context, Core::Done<QStringList> done)
{
    QStringList found;
    for (auto it = entries.cbegin(); it != entries.cend(); ++it) {
        if (it.key().startsWith(prefix))
            found.append(it.key());
    }
    Core::deliver(context, std::move(done), found);
}

} // namespace Test
