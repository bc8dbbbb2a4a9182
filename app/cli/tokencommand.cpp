#include "cli/command.h"
#include "identity/accesstoken.h"
#include "services/signin.h"

#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

struct Options {
    std::string principal, resource = "storage";
    bool claims = false, reveal = false;
};

void printClaims(const Identity::TokenClaims &claims, const QDateTime &now, Context &context)
{
    const auto line = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            context.print(u"  %1  %2"_s.arg(name, -8).arg(value));
    };
    line(u"aud"_s, claims.audience);
    line(u"iss"_s, claims.issuer);
    line(u"oid"_s, claims.objectId);
    line(u"appid"_s, claims.appId);
    line(u"tid"_s, claims.tenantId);
    line(u"roles"_s, claims.roles.join(u", "_s));
    line(u"ver"_s, claims.version);
    line(u"iat"_s, claims.issuedAt.toString(Qt::ISODate));
    line(u"nbf"_s, claims.notBefore.toString(Qt::ISODate));
    line(u"exp"_s, claims.expiresAt.toString(Qt::ISODate) + u"  (in %1 minutes)"_s.arg(now.secsTo(claims.expiresAt) / 60));
}

void show(const Options &options, const Services::SignedIn &session, Context &context)
{
    const QDateTime now = context.services().clock.now();
    const auto claims = Identity::TokenClaims::decode(session.token.value);
    const QString token = QString::fromUtf8(session.token.value.reveal());
    if (context.json) {
        QJsonObject object{{u"principal"_s, session.principal.name},
                           {u"scope"_s, session.token.scope},
                           {u"expiresAt"_s, session.token.expiresAt.toString(Qt::ISODate)},
                           {u"expiresIn"_s, now.secsTo(session.token.expiresAt)}};
        if (options.claims)
            object[u"claims"_s] = claims ? QJsonValue(claims->all) : QJsonValue();
        if (options.reveal)
            object[u"token"_s] = token;
        context.printJson(object);
    } else if (options.reveal && !options.claims) {
        context.print(token); // alone, for a script
    } else {
        context.print(u"Token for %1, valid for %2 more minutes."_s.arg(session.token.scope).arg(now.secsTo(session.token.expiresAt) / 60));
        if (options.claims && claims)
            printClaims(*claims, now, context);
        else if (options.claims)
            context.print(u"  (the token is opaque: it has no readable claims)"_s);
        if (options.reveal)
            context.print(token);
    }
    context.finish(Done);
}

} // namespace

void addToken(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("token", "sign in and tell about the token");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--resource", options->resource, "storage, arm, graph, or a scope or resource in full");
    command->add_flag("--claims", options->claims, "show what the token says of itself (not verified)");
    command->add_flag("--reveal", options->reveal, "print the token itself");
    addJson(*command, context);
    command->callback([options, &context] {
        context.run = [options, &context] {
            const auto principal = context.principal(options->principal);
            if (!principal)
                return;
            Services::signIn(context.services(), *principal, text(options->resource), &context,
                             [options, &context](const Core::Result<Services::SignedIn> &session) {
                                 if (!session)
                                     return context.fail(session.error());
                                 show(*options, *session, context);
                             });
        };
    });
}

} // namespace Cli
