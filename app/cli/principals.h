#pragma once

#include "cli/command.h"
#include "vault/principalvault.h"

#include <QString>

namespace Cli {

/// The subcommands of `principal` that have a file of their own.
void addPrincipalAdd(CLI::App &principal, Context &context);
void addPrincipalCertificate(CLI::App &principal, Context &context);
void addPrincipalExpiry(CLI::App &principal, Context &context);
void addPrincipalList(CLI::App &principal, Context &context);
void addPrincipalRepair(CLI::App &principal, Context &context);

/// Refuses what Identity::parseExpiry() does not understand.
CLI::Validator expiryDate();

/// What is wrong with an entry that only the index or only the keychain knows, in one line.
/// The command that removes the principal \a name, for a POSIX shell.
QString removalCommand(const QString &name);
QString orphanText(const Vault::Orphan &orphan);

} // namespace Cli
