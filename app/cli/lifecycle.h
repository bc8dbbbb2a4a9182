#pragma once

#include "cli/command.h"
#include "lifecycle/parts.h"
#include "lifecycle/registerapplication.h"
#include "services/lifecycleparts.h"

#include <optional>
#include <string>

namespace Cli {

/// Adds "--as": the kept principal through whose rights it is done, in place of the signed-in
/// operator.
void addActor(CLI::App &command, const std::shared_ptr<std::string> &actor);
/// The parts for \a cloud and \a tenant, or fail().
std::optional<Lifecycle::Parts> partsFor(Context &context, const QString &cloud,
                                         const QString &tenant, const std::string &actor);

/// "180d", "26w", "12m" (months of 30 days) or a bare number of days; nothing for anything else.
std::optional<int> daysOf(const std::string &text);
CLI::Validator lifetime();

/// What a step is about, on stderr.
void announce(Context &context, const Lifecycle::Announcement &announcement);
/// The az commands that would do the same: on stdout, or in \a object with --json.
void printCommands(Context &context, const QStringList &commands);

QJsonObject toJson(const Azure::RoleAssignment &assignment, const QString &roleName);

} // namespace Cli
