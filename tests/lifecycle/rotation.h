#pragma once

#include "lifecycle/program.h"
#include "lifecycle/rotatecredential.h"

#include <QDir>
#include <QFile>

namespace Test {

/// How one run of a rotation ended: by a signal, or with the program dead and none.
struct Ended
{
    std::optional<Lifecycle::Rotation> finished, waiting;
    std::optional<Core::Error> failed;
    QStringList remarks;
    QStringList steps;

    QByteArray why() const
    {
        return failed ? Core::describe(*failed).toUtf8() : QByteArray("nothing");
    }
};

inline Ended rotate(Program &program, const Identity::ServicePrincipal &principal,
                    const Lifecycle::RotateCredential::Options &options = {},
                    const Lifecycle::RotateCredential::Check &check = {}, bool abandon = false)
{
    using Lifecycle::RotateCredential;
    using Lifecycle::Rotation;
    Ended ended;
    RotateCredential flow(program.parts(), *program.vault.find(principal.id), options, check);
    const auto keep = [&ended](std::optional<Rotation> Ended::*which) {
        return [&ended, which](const Rotation &one, const QStringList &remarks) {
            ended.*which = one;
            ended.remarks = remarks;
        };
    };
    QObject::connect(&flow, &RotateCredential::announced,
                     [&](const auto &one) { ended.steps.append(one.step); });
    QObject::connect(&flow, &RotateCredential::finished, keep(&Ended::finished));
    QObject::connect(&flow, &RotateCredential::confirmationNeeded, keep(&Ended::waiting));
    QObject::connect(&flow, &RotateCredential::failed,
                     [&](const Core::Error &error, const Rotation &) { ended.failed = error; });
    abandon ? flow.abandon() : flow.start();
    (void)QTest::qWaitFor(
        [&] { return ended.finished || ended.waiting || ended.failed || program.fate.dead(); },
        600'000);
    return ended;
}

/// The same, with the old one removed in the end.
inline Ended rotateToTheEnd(Program &program, const Identity::ServicePrincipal &principal)
{
    Lifecycle::RotateCredential::Options options;
    options.removeOld = true;
    return rotate(program, principal, options);
}

inline Ended takeBack(Program &program, const Identity::ServicePrincipal &principal)
{
    return rotate(program, principal, {}, {}, true);
}

inline QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        qFatal("no file");
}

inline QStringList journals(const World &world)
{
    return QDir(world.folder.path()).entryList({QStringLiteral("rotation-*")});
}

/// What is rotated: a client secret in an environment file, or a certificate in a file of its own.
class Rotated final
{
public:
    enum class Kind { Secret, Certificate };
    explicit Rotated(Kind kind)
        : m_kind(kind)
    {
    }

    /// The certificate that each principal begins with; making one takes its time.
    static const Identity::Certificate &oldCertificate()
    {
        static const auto made =
            Identity::makeCertificate(QStringLiteral("batch"), 90, ManualClock().now());
        return *made;
    }
    QByteArray old() const
    {
        return m_kind == Kind::Secret ? QByteArray("old~secret")
                                      : oldCertificate().pem.reveal().toByteArray();
    }
    QString pathIn(const World &world) const
    {
        return world.folder.filePath(m_kind == Kind::Secret ? QStringLiteral("orders.env")
                                                            : QStringLiteral("batch.pem"));
    }
    /// A principal whose application reads its credential from \a path; of a certificate an empty
    /// one is none.
    Identity::ServicePrincipal add(Program &program, const QString &path) const
    {
        return m_kind == Kind::Secret ? addSecret(program, path) : addCertificate(program, path);
    }
    /// Whether what the file holds signs in.
    bool fileWorks(World &world, const Identity::ServicePrincipal &principal) const
    {
        const QByteArray text = content(pathIn(world));
        if (m_kind == Kind::Certificate)
            return world.directory.accepts(principal.clientId, text);
        const auto &all = world.directory.app(principal.clientId)->passwords;
        return std::any_of(all.cbegin(), all.cend(), [&](const auto &one) {
            return text.contains(one.secret.toUtf8()) && one.refusals <= 0;
        });
    }
    qsizetype count(World &world, const Identity::ServicePrincipal &principal) const
    {
        const auto *app = world.directory.app(principal.clientId);
        return m_kind == Kind::Secret ? app->passwords.size() : app->keys.size();
    }

private:
    static Identity::ServicePrincipal addSecret(Program &program, const QString &path)
    {
        Identity::ServicePrincipal principal =
            program.add(QStringLiteral("orders"), QStringLiteral("old~secret"));
        principal = Identity::withExport(principal, {path, QStringLiteral("systemd-envfile"),
                                                     program.world.clock.now(),
                                                     QStringLiteral("EnvironmentCredential")});
        if (!program.vault.update(principal))
            qFatal("no update");
        put(path, "AZURE_CLIENT_SECRET=\"old~secret\"\n");
        return principal;
    }
    static Identity::ServicePrincipal addCertificate(Program &program, const QString &path)
    {
        const Identity::Certificate &old = oldCertificate();
        Identity::ServicePrincipal principal;
        principal.name = QStringLiteral("batch");
        principal.tenant = QStringLiteral("contoso.com");
        principal.credential = Identity::ServicePrincipal::Credential::Certificate;
        principal.credentialFile = path;
        principal.credentialThumbprint = QString::fromLatin1(old.thumbprint);
        principal.clientId =
            program.world.directory.addCertifiedApp(QStringLiteral("batch"), old.der).appId;
        QObject context;
        bool saved = false;
        program.vault.save(principal, old.pem, &context,
                           [&](const Core::Result<Identity::ServicePrincipal> &result) {
                               saved = true;
                               principal = *result;
                           });
        if (!QTest::qWaitFor([&] { return saved; }))
            qFatal("not saved");
        if (!path.isEmpty())
            put(path, old.pem.reveal().toByteArray());
        return principal;
    }

    Kind m_kind;
};

} // namespace Test
