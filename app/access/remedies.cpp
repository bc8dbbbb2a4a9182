#include "access/remedies.h"

#include "azure/armclient.h"
#include "identity/tokenprotocol.h"
#include "storage/serviceerror.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

static void initResources()
{
    Q_INIT_RESOURCE(access);
}

namespace Access {

using namespace Qt::StringLiterals;

namespace {

// By "service/code" and by "code" alone, both in lower case; of a code that two services use the first one counts alone.
const QHash<QString, Remedy> &table()
{
    static const QHash<QString, Remedy> remedies = [] {
        initResources();
        QFile file(u":/rolescope/remedies.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("the remedies are missing from the program");
        QHash<QString, Remedy> all;
        const QJsonArray array = QJsonDocument::fromJson(file.readAll()).object()[u"remedies"].toArray();
        for (const QJsonValue &value : array) {
            const QJsonObject one = value.toObject();
            const Remedy remedy{one[u"code"].toString(),  one[u"service"].toString(),  one[u"meaning"].toString(),
                                one[u"cause"].toString(), one[u"nextStep"].toString(), one[u"transient"].toBool()};
            const QString code = remedy.code.toLower();
            all.insert(remedy.service + u'/' + code, remedy);
            if (!all.contains(code))
                all.insert(code, remedy);
        }
        return all;
    }();
    return remedies;
}

std::optional<Remedy> lookUp(const QString &code, const QString &service)
{
    QString key = code.trimmed().toLower();
    bool number = false;
    key.toLongLong(&number);
    if (number)
        key.prepend(u"aadsts"_s);
    auto found = table().constFind(service + u'/' + key);
    if (found == table().cend())
        found = table().constFind(key);
    return found == table().cend() ? std::nullopt : std::optional(*found);
}

// What a status says when the code is not known.
Remedy byStatus(int status, const QString &code, const QString &service)
{
    Remedy remedy{code.isEmpty() ? u"HTTP %1"_s.arg(status) : code, service, {}, {}, {}, false};
    const auto say = [&](const QString &meaning, const QString &cause, const QString &nextStep, bool transient) {
        remedy.meaning = meaning;
        remedy.cause = cause;
        remedy.nextStep = nextStep;
        remedy.transient = transient;
    };
    const QString read = u"Read the message that came with it; the request ID helps Microsoft's support."_s;
    if (status == 304 || status == 412)
        say(u"A condition of the request was not met."_s, u"The object is not in the state that the request asked for."_s, read, false);
    else if (status == 401)
        say(u"The service did not accept the credential."_s, u"The token is missing, expired or for somewhere else."_s,
            u"Sign in again."_s, false);
    else if (status == 403)
        say(u"The service refused the request."_s, u"A role is missing, or the network is not allowed; the code is not one known here."_s,
            read, false);
    else if (status == 404)
        say(u"What was asked for does not exist here."_s, u"A name is wrong, or it was deleted."_s, u"Check the names."_s, false);
    else if (status == 409)
        say(u"The request does not fit the present state."_s, u"Somebody or something else changed it, or it is in use."_s, read, false);
    else if (status == 407)
        say(u"A proxy wants to be signed in to."_s, u"The proxy on the way needs credentials."_s, u"Set up the proxy."_s, false);
    else if (status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504)
        say(u"The service cannot answer now."_s, u"It is overloaded, or a part of it is down."_s, u"Wait and try again."_s, true);
    else if (status >= 200 && status < 300)
        say(u"The request succeeded."_s, u"There is no error in this answer."_s, u"Nothing needs to be done."_s, false);
    else
        say(u"The service could not do what was asked."_s, u"The request is not one it understands or offers."_s, read, false);
    return remedy;
}

Remedy explained(const QString &code, const QString &service, int status)
{
    return lookUp(code, service).value_or(byStatus(status, code, service));
}

// An InvalidAuthenticationInfo says in its detail what exactly is wrong with the token.
void refineToken(Remedy &remedy, const QString &detail)
{
    if (detail.contains(u"udience"_s)) {
        remedy.cause = u"The token is for another audience than storage."_s;
        remedy.nextStep = u"Ask for a token for https://storage.azure.com."_s;
    } else if (detail.contains(u"ssuer"_s)) {
        remedy.cause = u"The token comes from another tenant than the one the account's subscription belongs to."_s;
        remedy.nextStep = u"Use a principal of the account's tenant; the challenge in WWW-Authenticate names it."_s;
    } else if (detail.contains(u"ifetime"_s) || detail.contains(u"xpired"_s)) {
        remedy.cause = u"The token has expired, or this machine's clock is wrong."_s;
        remedy.nextStep = u"Get a new token; compare the clock with the answer's Date."_s;
        remedy.transient = true;
    }
}

Remedy explainStorage(const Http::Response &response)
{
    const Storage::ServiceError error = Storage::serviceError(response);
    Remedy remedy = explained(error.code, u"storage"_s, response.status);
    if (error.code == u"AuthorizationFailure" && isNetworkRefusal(response)) {
        remedy.meaning = u"The account's network rules refused this machine, before any role was asked."_s;
        remedy.cause = u"The form of the answer is that of the front door (no x-ms-version): a firewall, disabled public access or a "
                       "private endpoint. It says nothing about roles."_s;
        remedy.nextStep = u"Add this machine's public address to the account's network rules, or reach the account through its "
                          "private endpoint; then check again."_s;
    } else if (error.code == u"InvalidAuthenticationInfo" || error.code == u"AuthenticationFailed") {
        refineToken(remedy, error.detail.isEmpty() ? error.message : error.detail);
    }
    return remedy;
}

} // namespace

bool isNetworkRefusal(const Http::Response &response)
{
    return response.status == 403 && Storage::serviceError(response).code == u"AuthorizationFailure"
        && response.header("x-ms-version").isEmpty() && !response.header("Server").contains("Windows-Azure-Blob");
}

std::optional<Remedy> remedyFor(const QString &code)
{
    return lookUp(code, {});
}

Remedy explainResponse(int status, const Http::Headers &headers, const QByteArray &body)
{
    Http::Response response;
    response.status = status;
    response.headers = headers;
    response.body = body;
    const QJsonObject object = QJsonDocument::fromJson(body.startsWith("\xEF\xBB\xBF") ? body.mid(3) : body).object();

    // The token endpoint: "error" is a word, and a description stands beside it.
    if (object[u"error"].isString()) {
        const Core::Result<Identity::AccessToken> token = Identity::parseTokenResponse(response, {}, {});
        const QString code = token ? QString() : token.error().code;
        if (const auto known = lookUp(code, u"entra"_s))
            return *known;
        Remedy remedy = explained(object[u"error"].toString(), u"oauth"_s, status);
        remedy.code = code;
        return remedy;
    }
    const bool storage = !response.header("x-ms-error-code").isEmpty() || body.contains("<Error>")
        || response.header("Server").contains("Windows-Azure") || response.header("Server").contains("Microsoft-HTTPAPI");
    if (object[u"error"].isObject() || (object[u"code"].isString() && !storage)) {
        const QString code = Azure::armError(response).code;
        const bool graph = object[u"error"].toObject().contains(u"innerError");
        return explained(code, storage ? u"storage"_s : graph ? u"graph"_s : u"arm"_s, status);
    }
    if (storage)
        return explainStorage(response);
    if (body.trimmed().startsWith('<')) {
        return {u"NotAnAzureAnswer"_s, u"none"_s, u"This is a web page, not an answer of Azure."_s,
                u"A proxy, a sign-in page of the network or another server answered in Azure's place."_s,
                u"Check the URL's host and the network in between."_s, false};
    }
    return byStatus(status, {}, u"none"_s);
}

Core::Error withRemedy(Core::Error error)
{
    if (const auto remedy = remedyFor(error.code)) {
        if (error.nextStep.isEmpty())
            error.nextStep = remedy->nextStep;
        if (error.message.isEmpty())
            error.message = remedy->meaning;
    }
    return error;
}

QJsonObject toJson(const Remedy &remedy)
{
    return {{u"code"_s, remedy.code},   {u"service"_s, remedy.service},   {u"meaning"_s, remedy.meaning},
            {u"cause"_s, remedy.cause}, {u"nextStep"_s, remedy.nextStep}, {u"transient"_s, remedy.transient}};
}

} // namespace Access
