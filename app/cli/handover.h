#pragma once

#include "cli/command.h"
#include "envfile/format.h"
#include "identity/environmentvariables.h"

namespace Cli {

/// Where a hand-over goes, and how much of it is shown.
struct HandoverOptions
{
    std::string output;  ///< the file or folder to write; empty: standard output
    bool reveal = false; ///< show what is secret
    /// The values came from the caller's own file, so that they may go down a pipe as they are; on
    /// a terminal they are masked.
    bool isFilter = false;
    /// Told the absolute path, once it is written: what has to be written again after a rotation.
    std::function<void(const QString &path)> written{};
    /// Told that nothing was written, before the reason is.
    std::function<void()> failed{};
};

/// Adds "--output" and "--reveal".
void addHandoverOptions(CLI::App &command, HandoverOptions &options);

/// Writes \a variables in \a format and ends the command: to the file or folder for its owner only,
/// or on standard output, with the values of \a secretNames masked unless revealed. A refusal ends
/// with exit code 3 and leaves nothing behind.
void handOver(const EnvFile::Format &format, const EnvFile::Variables &variables,
              const QList<QByteArray> &secretNames, const HandoverOptions &options,
              Context &context);

/// Whether handOver() would refuse \a variables or the place that they go to; nothing is written.
Core::Result<void> checkHandOver(const EnvFile::Format &format, const EnvFile::Variables &variables,
                                 const HandoverOptions &options);

/// Adds "--token-credentials prod|exact", whose value goes to \a how.
void addTokenCredentials(CLI::App &command, Identity::TokenCredentials &how);
/// Says which SDKs know what \a how asks for; nothing where it asks for nothing.
void noteTokenCredentials(Identity::TokenCredentials how, Context &context);

/// Every key of a format and its other names.
std::set<std::string> formatNames();

} // namespace Cli
