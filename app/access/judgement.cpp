#include "access/judgement.h"

#include "azure/roles.h"
#include "core/commandtext.h"
#include "storage/serviceerror.h"

#include <QSet>
#include <algorithm>
#include <limits>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

// "404 BlobNotFound" fits a status and a code, "200" a status alone.
bool fits(const QStringList &patterns, int status, const QString &code)
{
    for (const QString &pattern : patterns) {
        const QString wanted = pattern.section(u' ', 1, 1);
        if (pattern.section(u' ', 0, 0).toInt() == status && (wanted.isEmpty() || wanted == code))
            return true;
    }
    return false;
}

// The storage role that grants \a permission with the fewest entries: what a user would assign.
QString smallestRole(const RequiredPermission &permission)
{
    QString best;
    qsizetype size = std::numeric_limits<qsizetype>::max();
    for (const Azure::RoleDefinition &role : Azure::builtInRoles()) {
        if (!role.name.startsWith(u"Storage Blob Data"))
            continue;
        for (const Azure::Permission &one : role.permissions) {
            const QStringList &patterns = permission.isDataAction ? one.dataActions : one.actions;
            const bool granted = std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &pattern) {
                return matchesAction(pattern, permission.action);
            });
            // A wildcard counts as many.
            const qsizetype weight = patterns.size() + 10 * patterns.filter(u"*"_s).size();
            if (granted && weight < size) {
                best = role.name;
                size = weight;
            }
        }
    }
    return best;
}

Finding missingRole(const ProbeStep &step)
{
    const Probe &probe = *step.probe;
    const QString role = smallestRole(probe.permission);
    const QString where = step.container.isEmpty() ? u"the storage account"_s : u"the container"_s;
    Finding finding{u"missing-role"_s,
                    u"No role of this principal grants %1 here. The service does not say whether a role is missing, was assigned "
                    "minutes ago, or is limited by a condition, a deny assignment or an ACL; the first is the most likely."_s.arg(
                        probe.permission.action),
                    {},
                    {}};
    if (role.isEmpty()) {
        finding.nextStep = u"If this is wanted, assign a role with this permission at %1: none of the Storage Blob Data roles has it."_s.arg(where);
        return finding;
    }
    finding.nextStep = u"If this is wanted, assign “%1” at %2 and wait up to ten minutes."_s.arg(role, where);
    QString scope = u"/subscriptions/SUBSCRIPTION/resourceGroups/RESOURCE-GROUP/providers/Microsoft.Storage/storageAccounts/ACCOUNT"_s;
    if (!step.container.isEmpty())
        scope += u"/blobServices/default/containers/"_s + step.container;
    finding.command = Core::Command{u"az", u"role", u"assignment", u"create"}
                          .option(u"--assignee-object-id", u"OBJECT-ID"_s)
                          .option(u"--assignee-principal-type", u"ServicePrincipal"_s)
                          .option(u"--role", role)
                          .option(u"--scope", scope)
                          .text();
    return finding;
}

Finding fromRemedy(const QString &id, const Http::Response &response)
{
    const Remedy remedy = explainResponse(response.status, response.headers, response.body);
    return {id, remedy.meaning == remedy.cause ? remedy.cause : remedy.meaning + u' ' + remedy.cause, remedy.nextStep, {}};
}

QString tokenFinding(const Storage::ServiceError &error)
{
    const QString text = error.detail + u' ' + error.message;
    if (text.contains(u"ssuer"_s))
        return u"wrong-tenant"_s;
    if (text.contains(u"udience"_s))
        return u"wrong-audience"_s;
    if (text.contains(u"not yet valid"_s))
        return u"token-not-yet-valid"_s;
    if (text.contains(u"ifetime"_s) || text.contains(u"xpired"_s))
        return u"token-expired"_s;
    return u"token-refused"_s;
}

Finding notFromStorage(const Http::Response &response)
{
    const Remedy remedy = explainResponse(response.status, response.headers, response.body);
    const bool says = remedy.service == u"none" && !response.isSuccess() && !remedy.cause.isEmpty();
    return {u"not-storage"_s,
            u"The answer (HTTP %1) does not come from a storage service: a proxy, a sign-in page of the network or another "
            "server stands in between.%2"_s.arg(response.status).arg(says ? u' ' + remedy.cause : QString()),
            says ? remedy.nextStep : u"Check the account's URL and the network, then check again."_s, {}};
}

// Why an answer that is neither yes nor no came.
Finding undecidedFinding(const Http::Response &response, const Storage::ServiceError &error)
{
    const QString &code = error.code;
    if (!Storage::isFromStorage(response))
        return notFromStorage(response);
    if (response.status == 401 || code == u"InvalidAuthenticationInfo" || code == u"AuthenticationFailed")
        return fromRemedy(tokenFinding(error), response);
    if (code == u"AuthorizationFailure")
        return fromRemedy(u"firewall"_s, response);
    if (response.status == 429 || response.status >= 500)
        return fromRemedy(u"throttled"_s, response);
    if (code == u"ContainerNotFound")
        return fromRemedy(u"unknown-container"_s, response);
    if (code == u"ContainerBeingDeleted")
        return fromRemedy(u"container-being-deleted"_s, response);
    if (code == u"ResourceNotFound")
        return {u"not-supported-here"_s,
                u"The service says that there is no such resource: where the operation exists, it does not accept tokens of Entra ID "
                "here (as was so before September 2025)."_s,
                u"Predict this operation from the roles."_s, {}};
    if (code == u"AccountIsDisabled")
        return fromRemedy(u"account-disabled"_s, response);
    if (code == u"PublicAccessNotPermitted" || code == u"NoAuthenticationInformation")
        return fromRemedy(u"no-token"_s, response);
    if (code == u"KeyBasedAuthenticationNotPermitted")
        return fromRemedy(u"key-refused"_s, response);
    if (code.contains(u"HierarchicalNamespace") || code == u"FeatureNotSupported" || code == u"FeatureVersionMismatch")
        return fromRemedy(u"not-supported-here"_s, response);
    return fromRemedy(u"unexpected-answer"_s, response);
}

Cell cellFor(const ProbeStep &step)
{
    Cell cell;
    cell.container = step.container;
    cell.operation = step.probe->operation;
    cell.permission = step.probe->permission.action;
    cell.evidence.method = step.probe->verb;
    return cell;
}

} // namespace

bool passedNetwork(const Http::Response &response)
{
    if (!Storage::isFromStorage(response))
        return false;
    if (response.isSuccess() || response.status == 404 || response.status == 409 || response.status == 412) {
        const QString code = Storage::serviceError(response).code;
        return code != u"PublicAccessNotPermitted" && code != u"ResourceNotFound";
    }
    return response.status == 403 && Storage::serviceError(response).code == u"AuthorizationPermissionMismatch";
}

Cell judge(const ProbeStep &step, const Http::Response &response, bool networkPassed)
{
    Cell cell = cellFor(step);
    const Storage::ServiceError error = Storage::serviceError(response);
    cell.evidence.status = response.status;
    cell.evidence.code = error.code;
    cell.evidence.requestId = QString::fromLatin1(response.requestId());

    const bool storage = Storage::isFromStorage(response);
    const bool networkFirst = error.code == u"AuthorizationFailure" && (Storage::isNetworkRefusal(response) || !networkPassed);
    if (storage && fits(step.probe->allowedWhen, response.status, error.code)) {
        cell.observed = Observation::Allowed;
        cell.evidence.how = step.probe->method;
    } else if (storage && fits(step.probe->deniedWhen, response.status, error.code) && !networkFirst) {
        cell.observed = Observation::Denied;
        cell.evidence.how = u"the service refused the request for want of a permission"_s;
        cell.finding = missingRole(step);
    } else {
        cell.observed = Observation::Undecided;
        cell.evidence.how = u"the answer says neither yes nor no"_s;
        cell.finding = undecidedFinding(response, error);
    }
    return cell;
}

Cell judge(const ProbeStep &step, const Core::Error &error)
{
    using Kind = Core::Error::Kind;
    Cell cell = cellFor(step);
    cell.observed = Observation::Undecided;
    cell.evidence.how = u"no answer came"_s;
    cell.evidence.status = error.status;
    cell.evidence.code = error.code.isEmpty() ? Core::kindName(error.kind) : error.code;
    const QString id = error.code == u"HostNotFound" ? u"unknown-account"_s
        : error.code == u"NameNotResolved"          ? u"name-not-resolved"_s
        : error.kind == Kind::Tls                   ? u"tls"_s
        : error.kind == Kind::Timeout               ? u"timeout"_s
        : error.kind == Kind::Network               ? u"unreachable"_s
                                                    : u"no-answer"_s;
    QString nextStep = error.nextStep;
    if (id == u"unknown-account")
        nextStep = u"Check the account's name and the cloud. With a private endpoint, check that this machine resolves its name."_s;
    cell.finding = Finding{id, error.message, nextStep, {}};
    return cell;
}

bool concernsWholeAccount(const Finding &finding)
{
    static const QSet<QString> whole{u"unknown-account"_s, u"tls"_s,           u"unreachable"_s,   u"wrong-tenant"_s,
                                     u"wrong-audience"_s,  u"token-expired"_s, u"token-refused"_s, u"token-not-yet-valid"_s, u"account-disabled"_s,
                                     u"not-storage"_s,     u"no-token"_s,      u"name-not-resolved"_s,
                                          u"firewall"_s,      u"timeout"_s};
    return whole.contains(finding.id);
}

} // namespace Access
