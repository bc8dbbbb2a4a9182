#include "access/explanation.h"

#include "azure/armclient.h"
#include "identity/tokenprotocol.h"
#include "storage/serviceerror.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QStringDecoder>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

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
        say(u"A proxy wants to be signed in to."_s, u"The proxy on the way needs credentials."_s,
            u"Set up the proxy's credentials for this machine, or a way around it."_s, false);
    else if (status == 511)
        say(u"The network wants to be signed in to."_s, u"A sign-in page of the network stands in between."_s,
            u"Sign in to the network with a browser, then try again."_s, false);
    else if (status == 405)
        say(u"This resource does not take this verb."_s, u"The URL leads elsewhere than meant, or the operation is not offered."_s, read, false);
    else if (status > 300 && status < 400)
        say(u"The answer leads to another place."_s, u"Azure's services do not redirect; a proxy or a sign-in page of the network does."_s,
            u"Check the URL, and sign in to the network if it wants that."_s, false);
    else if (status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504)
        say(u"The service cannot answer now."_s, u"It is overloaded, or a part of it is down."_s, u"Wait and try again."_s, true);
    else if (status >= 200 && status < 300)
        say(u"The request succeeded."_s, u"There is no error in this answer."_s, u"Nothing needs to be done."_s, false);
    else
        say(u"The service could not do what was asked."_s, u"The request is not one it understands or offers."_s, read, false);
    return remedy;
}

// The table's words; of a code it does not have, the service's own.
Remedy explained(const QString &code, const QString &service, int status, const QString &said)
{
    // Storage and the management services use the same words for other things.
    const auto known = lookUp(code, service);
    if (known && (known->service == u"storage") == (service == u"storage"))
        return *known;
    Remedy remedy = unknownCode(code, service, status);
    if (!said.trimmed().isEmpty() && !code.isEmpty())
        remedy.meaning += u" It says: “%1”"_s.arg(said.left(400));
    return remedy;
}

QByteArray asUtf8(const QByteArray &body)
{
    if (body.startsWith("\xFF\xFE") || body.startsWith("\xFE\xFF")) {
        QStringDecoder decode(QStringDecoder::Utf16);
        const QString text = decode(body);
        return text.toUtf8();
    }
    return body.startsWith("\xEF\xBB\xBF") ? body.mid(3) : body;
}

bool isWebPage(const QByteArray &body)
{
    const QByteArray start = body.left(2000).trimmed().toLower();
    return start.startsWith('<') && (start.startsWith("<!doctype html") || start.contains("<html") || start.contains("<head")
                                     || start.contains("<body"));
}

Remedy explainStorage(const Http::Response &response)
{
    const Storage::ServiceError error = Storage::serviceError(response);
    Remedy remedy = explained(error.code, u"storage"_s, response.status, error.message);
    if (Storage::isNetworkRefusal(response)) {
        remedy.meaning = u"The account's network rules refused this machine, before any role was asked."_s;
        remedy.cause = u"The form of the answer is that of the front door (no x-ms-version): a firewall, disabled public access or a "
                       "private endpoint. It says nothing about roles."_s;
        remedy.nextStep = u"Add this machine's public address to the account's network rules, or reach the account through its "
                          "private endpoint; then check again."_s;
    } else {
        refineToken(remedy, error.detail.isEmpty() ? error.message : error.detail);
    }
    return remedy;
}

// The token endpoint: "error" is a word, and a description stands beside it.
Remedy explainTokenAnswer(const Http::Response &response, const QString &oauth)
{
    const Core::Result<Identity::AccessToken> token = Identity::parseTokenResponse(response, {}, {});
    const QString code = token ? QString() : token.error().code;
    if (const auto known = lookUp(code, u"entra"_s))
        return *known;
    Remedy remedy = lookUp(oauth, u"oauth"_s).value_or(unknownCode(oauth, u"oauth"_s, response.status));
    if (code.startsWith(u"AADSTS"))
        remedy.nextStep = unknownCode(code, {}, response.status).nextStep;
    if (code != oauth && !token)
        remedy.meaning += u" It says: “%1”"_s.arg(token.error().message.left(400));
    remedy.code = code;
    return remedy;
}

// A sign-in that failed speaks through other services and through pages too.
std::optional<Remedy> explainNumber(const QByteArray &body)
{
    static const QRegularExpression number(u"AADSTS[0-9]{4,8}"_s);
    return lookUp(number.match(QString::fromUtf8(body.left(64 * 1024))).captured(), u"entra"_s);
}

Remedy explainManagement(const Http::Response &response, const QJsonObject &object, bool storage)
{
    const Core::Error error = Azure::armError(response);
    const QJsonObject inner = object[u"error"].toObject();
    const bool graph = inner.contains(u"innerError") || object.contains(u"odata.error") || error.code.startsWith(u"Request_")
        || error.code.startsWith(u"Authorization_") || error.code.startsWith(u"Directory_");
    Remedy remedy = explained(error.code, storage ? u"storage"_s : graph ? u"graph"_s : u"arm"_s, response.status, error.message);
    if (Azure::asksForClaims(response)) {
        remedy.meaning = u"The service wants a newer sign-in: its answer asks for further claims."_s;
        remedy.cause = u"The token was revoked, or a Conditional Access policy (place, risk) stands against it."_s;
        remedy.nextStep = error.nextStep;
    } else {
        refineToken(remedy, error.message);
    }
    return remedy;
}

Remedy explainPage(const Http::Response &response)
{
    if (response.body.contains("Invalid URL") || response.body.contains("Invalid Hostname")) {
        Remedy remedy = explained(u"InvalidUri"_s, u"storage"_s, response.status, {});
        remedy.cause = u"Windows' own web server refused the URL or the host's name before any service saw it."_s;
        return remedy;
    }
    Remedy remedy{u"NotAnAzureAnswer"_s, u"none"_s, u"This is a web page, not an answer of Azure."_s,
                  u"A proxy, a sign-in page of the network or another server answered in Azure's place."_s,
                  u"Check the URL's host and the network in between."_s, false};
    if (response.status == 407 || response.status == 511 || response.status == 429 || response.status >= 500) {
        const Remedy status = unknownCode({}, u"none"_s, response.status);
        remedy.cause = u"A proxy or gateway on the way answered in Azure's place. "_s + status.meaning;
        remedy.nextStep = status.nextStep;
        remedy.transient = status.transient;
    }
    return remedy;
}

bool seemsStorage(const Http::Response &response)
{
    return Storage::isFromStorage(response) || response.header("Server").contains("Microsoft-HTTPAPI");
}

// Resource Manager and Graph share the front door's Server and request ID; what is left tells the dfs endpoint's JSON from theirs.
bool isStorageJson(const Http::Response &response)
{
    return !response.header("x-ms-error-code").isEmpty() || response.header("Server").contains("Windows-Azure")
        || (response.body.contains("RequestId:") && response.body.contains("Time:"));
}

// XML in the form of the service, without its marks: a known code is believed, another one may be of another maker's store.
Remedy explainUnmarked(const Http::Response &response)
{
    const Storage::ServiceError error = Storage::serviceError(response);
    const auto known = lookUp(error.code, u"storage"_s);
    if (known && known->service == u"storage")
        return explainStorage(response);
    if (error.code.isEmpty())
        return unknownCode({}, u"none"_s, response.status);
    return {error.code, u"none"_s, u"This is an error, but not one that Azure's storage gives."_s,
            u"Another maker's store, or a gateway, answered in Azure's place."_s, u"Check the URL's host and the network in between."_s, false};
}

} // namespace

Remedy unknownCode(const QString &code, const QString &service, int status)
{
    Remedy remedy = byStatus(status, code, service);
    if (code.startsWith(u"AADSTS")) {
        remedy.service = u"entra"_s;
        remedy.nextStep = u"Look the number up at https://login.microsoftonline.com/error?code=%1, and read the message that came with it."_s
                              .arg(code.mid(6));
        if (status == 0) {
            remedy.meaning = u"Entra ID refused to sign in."_s;
            remedy.cause = u"The number is not one known here."_s;
        }
    }
    return remedy;
}

void refineToken(Remedy &remedy, const QString &detail)
{
    if (remedy.code != u"InvalidAuthenticationInfo" && remedy.code != u"AuthenticationFailed" && remedy.code != u"InvalidAuthenticationToken")
        return;
    const auto say = [&remedy](const QString &cause, const QString &nextStep, bool transient = false) {
        remedy.cause = cause;
        remedy.nextStep = nextStep;
        remedy.transient = transient;
    };
    const auto says = [&detail](const QString &words) { return detail.contains(words, Qt::CaseInsensitive); };
    const QString where = remedy.service == u"graph" ? u"Microsoft Graph"_s : remedy.service == u"arm" ? u"Resource Manager"_s : u"storage"_s;
    if (says(u"audience"_s)) {
        say(u"The token is for another audience than %1."_s.arg(where),
            remedy.service == u"storage" ? u"Ask for a token for https://storage.azure.com."_s : u"Ask for a token for the resource of %1."_s.arg(where));
    } else if (says(u"issuer"_s)) {
        say(u"The token comes from another tenant than the one the account's subscription belongs to."_s,
            u"Use a principal of the account's tenant; the challenge in WWW-Authenticate names it."_s);
    } else if (says(u"not yet valid"_s)) {
        say(u"The token is not valid yet: the clock here, or of the machine that got it, is ahead."_s,
            u"Set the clock (timedatectl set-ntp true), then get a new token."_s, true);
    } else if (says(u"scheme Bearer is not supported"_s)) {
        say(u"The service does not take tokens of Entra ID for this request: its x-ms-version is missing or older than 2017-11-09, or it came over http."_s,
            u"Send x-ms-version (a newer client library does), over https."_s);
    } else if (says(u"specified time frame"_s)) {
        say(u"The shared access signature (SAS) has expired, or does not count yet."_s, u"Make a new SAS, or use a token."_s);
    } else if (says(u"signature did not match"_s) || says(u"MAC signature"_s)) {
        say(u"The shared key or SAS signature is wrong: another key, or a request that was changed on the way."_s,
            u"Use the account's present key, or better a token of Entra ID."_s);
    } else if (says(u"lifetime"_s) || says(u"expired"_s)) {
        say(u"The token has expired, or this machine's clock is wrong."_s, u"Get a new token; compare the clock with the answer's Date."_s, true);
    } else if (says(u"signature validation failed"_s)) {
        say(u"The token's signature cannot be checked: it was damaged, or comes from another cloud's authority."_s,
            u"Get a new token from the account's own cloud."_s);
    } else if (says(u"correct format"_s) || says(u"parsing failed"_s) || says(u"not well formed"_s)) {
        say(u"What was sent is not a token: it is empty, cut off, or lacks “Bearer”."_s, u"Get a new token, and send all of it."_s);
    }
}

Remedy explainResponse(int status, const Http::Headers &headers, const QByteArray &body)
{
    Http::Response response;
    response.status = status;
    response.headers = headers;
    response.body = asUtf8(body);
    const QJsonObject object = QJsonDocument::fromJson(response.body).object();

    if (object[u"error"].isString())
        return explainTokenAnswer(response, object[u"error"].toString());
    // The blob service itself answers a few malformed requests with a page; then its header has the code.
    const bool page = isWebPage(response.body) && response.header("x-ms-error-code").isEmpty();
    const bool storage = !page && seemsStorage(response);
    if (!storage && status >= 300) {
        if (const auto number = explainNumber(response.body))
            return *number;
    }
    if (page)
        return explainPage(response);
    const bool coded = object.contains(u"code") || object.contains(u"Code") || object.contains(u"Message");
    if (object[u"error"].isObject() || object.contains(u"odata.error") || (coded && !isStorageJson(response)))
        return explainManagement(response, object, isStorageJson(response));
    if (storage)
        return explainStorage(response);
    if (response.body.trimmed().startsWith('<'))
        return explainUnmarked(response);
    return byStatus(status, {}, Azure::asksForClaims(response) ? u"arm"_s : u"none"_s);
}

} // namespace Access
