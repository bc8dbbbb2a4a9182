#pragma once

#include "core/deliver.h"
#include "http/transport.h"
#include "vault/secretstore.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QStringList>

namespace Test {

/// When the program dies: at the given moment, counted over requests and keychain operations alike,
/// either before it has its effect or after, with the answer lost. From then on nothing answers.
class Fate
{
public:
    enum class Moment { Before, After };
    int dieAt = 0; ///< 0: never
    Moment moment = Moment::Before;

    bool dead() const { return m_dead; }
    int moments() const { return m_count; }
    /// Whether the effect happens, and whether its answer arrives.
    std::pair<bool, bool> meet();

private:
    int m_count = 0;
    bool m_dead = false;
};

/// A tenant that keeps applications, service principals and role assignments, as Graph, Resource
/// Manager and the token endpoint answer for it.
class FakeDirectory final : public Http::Transport
{
public:
    struct Password
    {
        QString keyId, name, secret, endsAt;
        int refusals = 0; ///< sign-ins that still fail, as replication takes its time
    };
    struct Key
    {
        QString keyId, name, endsAt;
        QByteArray der;
        int refusals = 0;
    };
    struct App
    {
        QString id, appId, name;
        QList<Password> passwords;
        bool deleted = false;
        QList<Key> keys{};
    };
    struct Sp
    {
        QString id, appId, name;
        bool deleted = false;
    };

    explicit FakeDirectory(Fate &fate)
        : m_fate(fate)
    {
    }
    void send(Http::Request request, QObject *context, Core::Done<Http::Response> done) override;

    App &addApp(const QString &name, const QString &secret);
    App *app(const QString &idOrAppId);
    App &addCertifiedApp(const QString &name, const QByteArray &certificateDer);
    /// \a secret: a client secret, or a certificate with its key as PEM.
    bool accepts(const QString &appId, const QByteArray &secret) const;
    int livingApps() const;

    QList<App> apps;
    QList<Sp> principals;
    QMap<QString, QJsonObject> assignments; ///< by id, lower case
    QList<Http::Request> requests;
    int newPasswordRefusals = 2;
    int spRefusals = 0;     ///< creations of a service principal that find no application yet
    int assignRefusals = 0; ///< PrincipalNotFound
    bool listLags = false;  ///< the list of assignments is empty
    int keysLag = 0;        ///< readings of an application that show no certificate
    /// Answers in place of the directory where it yields a status other than 0.
    std::function<std::pair<int, QString>(const Http::Request &)> refuse;
    /// "POST applications", "DELETE servicePrincipals/{id}", … without token requests.
    QStringList log() const;

private:
    Http::Response answer(const Http::Request &request);
    Http::Response graph(const Http::Request &request, const QString &path);
    Http::Response applications(const Http::Request &request, const QStringList &path);
    Http::Response setKeys(App &app, const QJsonArray &keys) const;
    Http::Response servicePrincipals(const Http::Request &request, const QStringList &path);
    Http::Response restore(const QString &id);
    Http::Response arm(const Http::Request &request);
    Http::Response token(const Http::Request &request);

    Fate &m_fate;
    int m_made = 0;
};

/// A keychain in memory that dies with the rest.
class FatefulStore final : public Vault::SecretStore
{
public:
    explicit FatefulStore(Fate &fate, QMap<QString, Core::Secret> &entries_)
        : entries(entries_)
        , m_fate(fate)
    {
    }
    void read(const QString &key, QObject *context,
              Core::Done<std::optional<Core::Secret>> done) override;
    void write(const QString &key, Core::Secret secret, QObject *context,
               Core::Done<void> done) override;
    void remove(const QString &key, QObject *context, Core::Done<void> done) override;
    void keys(const QString &prefix, QObject *context, Core::Done<QStringList> done) override;

    QMap<QString, Core::Secret> &entries;
    std::optional<Core::Error> failure; ///< of every write

private:
    Fate &m_fate;
};

} // namespace Test
