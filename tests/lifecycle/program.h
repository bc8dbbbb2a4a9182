#pragma once

#include "lifecycle/fakedirectory.h"
#include "lifecycle/parts.h"
#include "support/manualclock.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace Test {

/// What outlives the program: the tenant, the keychain, the folder.
struct World
{
    Fate calm; ///< of the tenant while nobody dies
    FakeDirectory directory{calm};
    QMap<QString, Core::Secret> keychain;
    QTemporaryDir folder;
    ManualClock clock;
};

/// One run of the program in a world, until its fate meets it.
struct Program
{
    explicit Program(World &world_, int dieAt = 0, Fate::Moment moment = Fate::Moment::Before)
        : world(world_)
    {
        fate.dieAt = dieAt;
        fate.moment = moment;
    }
    /// Passes requests on to the world's directory, as long as the program lives.
    struct Line final : Http::Transport
    {
        Line(Fate &fate_, FakeDirectory &directory_)
            : fate(fate_)
            , directory(directory_)
        {
        }
        void send(Http::Request request, QObject *context, Core::Done<Http::Response> done) override
        {
            if (++sent == loseAt) { // the network, not the program, is gone for this one
                if (losesAnswer)
                    directory.send(std::move(request), &nobody, [](const auto &) {});
                return Core::deliver(context, std::move(done),
                                     Core::Result<Http::Response>(
                                         Core::Error{.kind = Core::Error::Kind::Network,
                                                     .message = QStringLiteral("no network")}));
            }
            const auto [happens, answers] = fate.meet();
            if (answers)
                directory.send(std::move(request), context, std::move(done));
            else if (happens)
                directory.send(std::move(request), &nobody, [](const auto &) {});
        }
        Fate &fate;
        FakeDirectory &directory;
        QObject nobody;
        int sent = 0;
        int loseAt = 0;           ///< which request, counted from 1; 0: none
        bool losesAnswer = false; ///< it has its effect, and nobody hears of it
    };

    World &world;
    Fate fate;
    Line line{fate, world.directory};
    FatefulStore store{fate, world.keychain};
    Identity::TokenClient tokens{line, world.clock};
    Vault::PrincipalVault vault{world.folder.path(), store, world.clock};
    Vault::SpareSecrets spares{world.folder.path(), store};

    Lifecycle::Parts parts()
    {
        return {line,
                tokens,
                vault,
                spares,
                world.clock,
                [](const QString &scope, QObject *context,
                   const Core::Done<Identity::AccessToken> &done) {
                    Core::deliver(context, done,
                                  Identity::AccessToken{
                                      Core::Secret("operator " + scope.toUtf8()), {}, scope});
                },
                {6, std::chrono::milliseconds(0), std::chrono::milliseconds(1)}};
    }
    QByteArray secretOf(const Identity::ServicePrincipal &principal)
    {
        QObject context;
        std::optional<Core::Result<Core::Secret>> got;
        vault.secret(principal, &context,
                     [&](const Core::Result<Core::Secret> &secret) { got = secret; });
        (void)QTest::qWaitFor([&] { return got.has_value(); });
        return got && *got ? (*got)->reveal().toByteArray() : QByteArray();
    }
    /// An application with its secret in the directory, and the principal here.
    Identity::ServicePrincipal add(const QString &name, const QString &secret)
    {
        Identity::ServicePrincipal principal;
        principal.name = name;
        principal.tenant = QStringLiteral("contoso.com");
        principal.clientId = world.directory.addApp(name, secret).appId;
        QObject context;
        bool saved = false;
        vault.save(principal, Core::Secret(secret.toUtf8()), &context,
                   [&](const Core::Result<Identity::ServicePrincipal> &result) {
                       saved = result.has_value();
                       principal = *result;
                   });
        (void)QTest::qWaitFor([&] { return saved; });
        return principal;
    }
};

} // namespace Test
