#pragma once

#include "core/result.h"
#include "handover/processstate.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"
#include "services/services.h"

#include <CLI/CLI.hpp>
#include <QJsonObject>
#include <QObject>
#include <functional>
#include <memory>

namespace Cli {

/// Exit codes, as the command line promises them.
enum ExitCode { Done = 0, No = 1, WrongUse = 2, Failed = 3, Undecided = 4 };

/// What a command works with. A command's option callback sets \c run; run() starts in the event loop and ends with finish().
class Context final : public QObject
{
    Q_OBJECT
public:
    std::function<void()> run;
    bool json = false;
    QList<QByteArray> command;           ///< what stands after "--" of `exec`, byte for byte
    Handover::ProcessState processState; ///< as main() was entered

    /// Made at the first use, so that `explain` needs neither folder nor keychain.
    Services::Services &services();

    /// One JSON document on stdout, and nothing else there.
    void printJson(const QJsonObject &object);
    /// A line on stdout. Control characters of what a server said are made visible.
    void print(const QString &line);
    /// The same for one row of a list: a line feed in a name cannot pass for another row.
    void printRow(const QString &row);
    /// Whether stdout has not taken all of it: its reader is gone, or its disk is full.
    bool outputFailed() const;
    /// A line on stderr.
    void note(const QString &line);

    /// Ends with \a code, or with Failed where the output did not arrive.
    void finish(int code);
    /// The error on stderr, with --json also as the document on stdout; exit code 3.
    void fail(const Core::Error &error);

    /// Says once on stderr that \a cloud comes from a file, and where sign-ins go then; nothing for a well-known one.
    void nameCloud(const Identity::Cloud &cloud);
    /// The principal called \a name, or fail(). Names its cloud; see nameCloud().
    std::optional<Identity::ServicePrincipal> principal(const std::string &name);
    /// \a text as an account's root URL in the principal's cloud, or fail().
    std::optional<QUrl> account(const Identity::ServicePrincipal &principal, const std::string &text);

private:
    std::unique_ptr<Services::Services> m_services;
    QStringList m_namedClouds;
};

/// \a text with control characters (and what turns the direction of writing) replaced, so that it cannot steer a terminal.
QString terminalSafe(const QString &text);
/// Refuses an empty text, and what is no name of a container: Azure's names never need a slash,
/// which would lead elsewhere.
CLI::Validator notEmpty();
CLI::Validator containerName();
/// Adds "--json" to \a command.
void addJson(CLI::App &command, Context &context);
inline QString text(const std::string &value) { return QString::fromStdString(value); }

/// {"error":{…}} as --json prints it.
QJsonObject errorJson(const Core::Error &error);

void addOperator(CLI::App &app, Context &context);
void addPrincipal(CLI::App &app, Context &context);
void addToken(CLI::App &app, Context &context);
void addContainers(CLI::App &app, Context &context);
void addBlobs(CLI::App &app, Context &context);
void addCheck(CLI::App &app, Context &context);
void addExec(CLI::App &app, Context &context);
void addExport(CLI::App &app, Context &context);
void addConvert(CLI::App &app, Context &context);
void addInspect(CLI::App &app, Context &context);
void addExplain(CLI::App &app, Context &context);
void addSimulate(CLI::App &app, Context &context);
void addRegister(CLI::App &app, Context &context);
void addAssign(CLI::App &app, Context &context);
void addAssignments(CLI::App &app, Context &context);
void addRotate(CLI::App &app, Context &context);
void addRetire(CLI::App &app, Context &context);
void addIsolation(CLI::App &app, Context &context);
void addRoles(CLI::App &app, Context &context);
void addSnippet(CLI::App &app, Context &context);
void addUnit(CLI::App &app, Context &context);

} // namespace Cli
