#include "core/commandtext.h"
#include "lifecycle/registerapplication.h"

// What can be said of a registration before anything is asked.
namespace Lifecycle {

using namespace Qt::StringLiterals;
using Core::Error;
using Identity::ServicePrincipal;

std::optional<Error> RegisterApplication::refusal(const Request &request)
{
    const auto invalid = [](const QString &message, const QString &next) {
        return Error{.kind = Error::Kind::InvalidInput, .message = message, .nextStep = next};
    };
    if (request.name.trimmed().isEmpty())
        return invalid(
            u"The application needs a name."_s,
            u"Give it one that says what it is for, and where: “orders-api-production”."_s);
    if (request.name.size() > 120 || request.displayName.size() > 120)
        return invalid(u"An application's name has 120 characters at most."_s,
                       u"Choose a shorter one."_s);
    if (request.lifetimeDays < 1 || request.lifetimeDays > longestDays)
        return invalid(
            u"A secret lasts from 1 to %1 days (24 months); %2 is outside of it."_s.arg(longestDays)
                .arg(request.lifetimeDays),
            u"Choose a shorter time, and rotate: %1 days is the default."_s.arg(defaultDays));
    return std::nullopt;
}

QStringList RegisterApplication::azCommands(const Request &request)
{
    Core::Command create{u"az", u"ad", u"sp", u"create-for-rbac"};
    create.option(u"--name", request.displayName.isEmpty() ? request.name : request.displayName);
    // az counts a secret's life in years only; the date is set by a second command.
    if (request.certificate)
        return {create.fileOption(u"--cert", u"certificate.pem"_s).text()};
    return {
        create.text(),
        Core::Command{u"az", u"ad", u"app", u"credential", u"reset"}
            .option(u"--id", u"CLIENT-ID"_s)
            .verbatim(u"--end-date \"$(date -u -d '+%1 days' +%Y-%m-%dT%H:%M:%SZ)\""_s.arg(request.lifetimeDays))
            .text()};
}

QStringList sharedWithOtherEnvironments(const ServicePrincipal &principal,
                                        const QList<ServicePrincipal> &all)
{
    QStringList sentences;
    for (const ServicePrincipal &one : all) {
        if (one.id == principal.id ||
            one.environment.name.compare(principal.environment.name, Qt::CaseInsensitive) == 0)
            continue;
        const QString environment =
            one.environment.name.isEmpty() ? u"no environment"_s : one.environment.name;
        if (!principal.clientId.isEmpty() &&
            one.clientId.compare(principal.clientId, Qt::CaseInsensitive) == 0)
            sentences.append(
                u"“%1” (%2) has the same client ID: whatever may be done there may be done by this one too."_s
                    .arg(one.name, environment));
        else if (one.name.compare(principal.name, Qt::CaseInsensitive) == 0)
            sentences.append(
                u"“%1” is the name of a principal of another environment (%2) too."_s.arg(
                    one.name, environment));
    }
    return sentences;
}

} // namespace Lifecycle
