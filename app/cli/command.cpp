#include "cli/command.h"

#include "access/remedies.h"
#include "azure/storageaccount.h"
#include "core/visibletext.h"
#include "identity/cloud.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QRegularExpression>
#include <cstdio>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

void write(FILE *file, const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), file);
}

QJsonValue nullable(const QString &value)
{
    return value.isEmpty() ? QJsonValue() : QJsonValue(value);
}

} // namespace

Services::Services &Context::services()
{
    if (!m_services)
        m_services = std::make_unique<Services::Services>(Vault::PrincipalVault::defaultFolder());
    return *m_services;
}

void Context::printJson(const QJsonObject &object)
{
    write(stdout, QJsonDocument(object).toJson());
}

void Context::print(const QString &line)
{
    write(stdout, terminalSafe(line).toUtf8() + '\n');
}

void Context::printRow(const QString &row)
{
    print(Core::visibleText(row));
}

bool Context::outputFailed() const
{
    return std::ferror(stdout) != 0;
}

void Context::note(const QString &line)
{
    write(stderr, terminalSafe(line).toUtf8() + '\n');
}

void Context::finish(int code)
{
    if (std::fflush(stdout) != 0 || outputFailed()) {
        note(u"error: the output could not be written."_s);
        code = Failed;
    }
    QCoreApplication::exit(code);
}

void Context::fail(const Core::Error &error)
{
    const Core::Error explained = Access::withRemedy(error);
    if (json)
        printJson(errorJson(explained));
    note(u"error: "_s + Core::describe(explained));
    finish(Failed);
}

std::optional<Identity::ServicePrincipal> Context::principal(const std::string &name)
{
    const auto found = services().vault.find(text(name));
    if (found)
        return *found;
    fail(found.error());
    return std::nullopt;
}

std::optional<QUrl> Context::account(const Identity::ServicePrincipal &principal, const std::string &url)
{
    const auto cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud) {
        fail(cloud.error());
        return std::nullopt;
    }
    const auto parsed = Azure::parseAccountUrl(text(url), cloud->storageSuffix, cloud->trust.plainLoopback);
    if (parsed)
        return *parsed;
    fail(parsed.error());
    return std::nullopt;
}

QString terminalSafe(const QString &text)
{
    return Core::visibleText(text, u"\n");
}

CLI::Validator notEmpty()
{
    return CLI::Validator(
        [](const std::string &value) {
            return value.empty() ? std::string("must not be empty") : std::string();
        },
        "TEXT");
}

// Naming and referencing containers, blobs and metadata: 3 to 63 lower-case letters, digits and
// single hyphens; or a system one.
CLI::Validator containerName()
{
    return CLI::Validator(
        [](const std::string &value) {
            static const QRegularExpression form(
                u"\\A(?:(?=.{3,63}\\z)[a-z0-9]+(?:-[a-z0-9]+)*|\\$[a-z]{3,62})\\z"_s);
            return form.match(text(value)).hasMatch()
                       ? std::string()
                       : std::string(
                             "a container has 3 to 63 lower-case letters, digits and hyphens");
        },
        "CONTAINER");
}

void addJson(CLI::App &command, Context &context)
{
    command.add_flag("--json", context.json, "print one JSON document on stdout");
}

QJsonObject errorJson(const Core::Error &error)
{
    const auto remedy = Access::remedyFor(error);
    return {{u"error"_s,
             QJsonObject{{u"kind"_s, Core::kindName(error.kind)},
                         {u"code"_s, nullable(error.code)},
                         {u"message"_s, error.message},
                         {u"cause"_s, nullable(remedy ? remedy->cause : QString())},
                         {u"nextStep"_s, nullable(error.nextStep)},
                         {u"requestId"_s, nullable(error.requestId)}}}};
}

} // namespace Cli
