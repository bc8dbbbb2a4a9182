#include "cli/lifecycle.h"

#include <QRegularExpression>

namespace Cli {

using namespace Qt::StringLiterals;

void addActor(CLI::App &command, const std::shared_ptr<std::string> &actor)
{
    command
        .add_option("--as", *actor,
                    "do it with the rights of this kept principal; else of the signed-in operator "
                    "(see operator)")
        ->check(notEmpty());
}

std::optional<Lifecycle::Parts> partsFor(Context &context, const QString &cloud,
                                         const QString &tenant, const std::string &actor)
{
    if (const auto used = Identity::Cloud::load(cloud))
        context.nameCloud(*used);
    if (actor.empty())
        return Services::lifecycleParts(context.services(), cloud, tenant);
    const auto principal = context.principal(actor);
    if (!principal)
        return std::nullopt;
    if (principal->cloud != cloud) {
        context.fail({.kind = Core::Error::Kind::InvalidInput,
                      .message = u"“%1” belongs to another cloud (%2)."_s.arg(principal->name,
                                                                              principal->cloud),
                      .nextStep = u"Name a principal of %1."_s.arg(cloud)});
        return std::nullopt;
    }
    return Services::lifecycleParts(context.services(), cloud, tenant, *principal);
}

std::optional<int> daysOf(const std::string &value)
{
    static const QRegularExpression form(u"\\A([0-9]{1,4})([dwm]?)\\z"_s);
    const auto match = form.match(text(value));
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    return match.captured(1).toInt() * (unit == u"w" ? 7 : unit == u"m" ? 30 : 1);
}

CLI::Validator lifetime()
{
    return CLI::Validator(
        [](const std::string &value) {
            const auto days = daysOf(value);
            return days && *days >= 1 && *days <= Lifecycle::RegisterApplication::longestDays
                       ? std::string()
                       : std::string("from 1d to 730d (24 months); 180d, 26w or 6m");
        },
        "TIME");
}

void announce(Context &context, const Lifecycle::Announcement &announcement)
{
    context.note(announcement.text);
}

void printCommands(Context &context, const QStringList &commands)
{
    context.print(u"With az:"_s);
    for (const QString &one : commands)
        context.print(u"    "_s + one);
}

QJsonObject toJson(const Azure::RoleAssignment &assignment, const QString &roleName)
{
    return {{u"id"_s, assignment.id},
            {u"scope"_s, assignment.scope.id()},
            {u"role"_s, roleName},
            {u"roleDefinitionId"_s, assignment.roleDefinitionId},
            {u"principalId"_s, assignment.principalId},
            {u"condition"_s,
             assignment.condition.isEmpty() ? QJsonValue() : QJsonValue(assignment.condition)},
            {u"description"_s,
             assignment.description.isEmpty() ? QJsonValue() : QJsonValue(assignment.description)}};
}

} // namespace Cli
