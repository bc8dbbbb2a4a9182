#pragma once

#include "sandbox/armendpoint.h"
#include "sandbox/azurite.h"
#include "sandbox/backend.h"
#include "sandbox/blobadapter.h"
#include "sandbox/graphendpoint.h"
#include "sandbox/statefolder.h"
#include "serving/httpserver.h"

#include <QJsonObject>
#include <memory>
#include <vector>

namespace Sandbox {

/// All of it: Entra ID, Resource Manager, Graph and each account's blob service, in front of one
/// Azurite.
class Sandbox final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        QString state;        ///< where files and blobs are kept; empty: nowhere
        QByteArray scenario;  ///< a scenario file's bytes
        quint16 portBase = 0; ///< 0: any free ports, or those of the last run in \c state
        bool azureNames =
            false; ///< port 443 of 127.0.0.10 and following, under Azure's own host names
        QString programFolder; ///< of the running program, to find Azurite from
    };

    explicit Sandbox(Options options, QObject *parent = nullptr);
    ~Sandbox() override;

    /// \a ready gets the line that tells users where everything is (see README.md). Errors:
    /// InvalidInput (scenario), NotFound (Node, Azurite), Conflict (port), File, Network.
    void start(std::function<void(Core::Result<QJsonObject>)> ready);

signals:
    /// Azurite ended by itself: nothing works any more.
    void failed(const QString &why);

private:
    struct Site
    {
        QString service;   ///< "authority", "resourceManager", "graph" or an account's name
        QStringList hosts; ///< Azure's names for it, the first is used in URLs
        Serving::HttpServer::Handler handler;
    };
    using Step = Core::Result<void>;
    static constexpr int firstAzureAddress = 10; ///< 127.0.0.10

    QDateTime now() const;
    Step prepare();
    Step prepareTls();
    QStringList hostNames() const;
    std::vector<Site> sites();
    Step listen();
    Core::Result<QString> listenAt(int index, const Site &site);
    void startAzurite();
    void connectBackend(quint16 port);
    void seed();
    Step keepState();
    Step checkKeptBlobs();
    QByteArray scenarioDigest() const;
    Step writeFiles() const;
    QByteArray federatedToken() const;
    QJsonObject readyLine();
    QJsonArray accountLines() const;
    QJsonValue secretEnd(const Principal &principal) const;
    QJsonArray principalLines() const;
    QJsonArray userLines() const;
    QJsonArray hostLines();
    QStringList accountsInWhichAllIsAllowed(const Principal &principal) const;
    void serveBlob(const Account &account, const Incoming &request, QObject *context,
                   const Serving::HttpServer::Reply &reply);
    void report(Core::Result<QJsonObject> result);

    Options m_options;
    Scenario m_scenario;
    std::unique_ptr<StateFolder> m_folder;
    QString m_azuriteFolder;
    QByteArray m_authorityPem;
    ServerCertificate m_certificate;
    QSslConfiguration m_serverTls;
    TokenIssuer m_issuer;
    Endpoints m_endpoints;
    QMap<QString, quint16> m_ports;
    std::vector<std::unique_ptr<Serving::HttpServer>> m_servers;
    std::unique_ptr<Authorizer> m_authorizer;
    std::unique_ptr<Directory> m_directory;
    std::unique_ptr<RoleRegister> m_roles;
    std::unique_ptr<EntraEndpoint> m_entra;
    std::unique_ptr<ArmEndpoint> m_arm;
    std::unique_ptr<GraphEndpoint> m_graph;
    std::unique_ptr<BlobEndpoint> m_blob;
    std::unique_ptr<Azurite> m_azurite;
    std::unique_ptr<Backend> m_backend;
    QString m_azuriteOrigin;
    std::function<void(Core::Result<QJsonObject>)> m_ready;
    bool m_seeded = false;
    bool m_keepsBlobs = false; ///< an earlier run left this scenario's blobs whole
};

} // namespace Sandbox
