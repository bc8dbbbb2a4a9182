#include "sandbox/sandbox.h"

#include "core/atomicfile.h"
#include "sandbox/azuritedatabase.h"
#include "sandbox/seeding.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString seedMark =
    u"azurite/seeded"_s; ///< after a clean end: the digest of the scenario that is in there

QDateTime machineTime()
{
    return QDateTime::currentDateTimeUtc();
}

QString blobHost(const Account &account)
{
    return account.name + u".blob.core.windows.net"_s;
}

Core::Error withPortAdvice(Core::Error error)
{
    error.nextStep = error.kind == Core::Error::Kind::Conflict
                         ? u"End that program, or choose other ports by --port-base."_s
                         : u"Ports below 1024 need root, or a network namespace of one's own."_s;
    return error;
}

Answer notReady(const Incoming &request, const QDateTime &now)
{
    return blobRefusal({503, "ServerBusy", "The server is busy."}, request, now);
}

} // namespace

Sandbox::Sandbox(Options options, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
{
}

Sandbox::~Sandbox()
{
    m_servers.clear();
    m_backend.reset();
    m_azurite.reset(); // before its folder goes
    // Only now everything is on disk for certain.
    if (m_seeded && !m_folder->isTemporary())
        std::ignore = m_folder->write(seedMark, scenarioDigest());
}

void Sandbox::start(std::function<void(Core::Result<QJsonObject>)> ready)
{
    m_ready = std::move(ready);
    if (const Step prepared = prepare(); !prepared)
        return report(prepared.error());
    if (const Step sound = checkKeptBlobs(); !sound)
        return report(sound.error());
    if (const Step listening = listen(); !listening)
        return report(listening.error());
    startAzurite();
}

QDateTime Sandbox::now() const
{
    return machineTime().addSecs(m_scenario.clockAhead);
}

void Sandbox::report(Core::Result<QJsonObject> result)
{
    if (const auto ready = std::exchange(m_ready, nullptr))
        ready(std::move(result));
}

Sandbox::Step Sandbox::prepare()
{
    auto scenario = Scenario::parse(m_options.scenario);
    if (!scenario)
        return scenario.error();
    m_scenario = std::move(*scenario);
    const auto azurite = Azurite::find(m_options.programFolder);
    if (!azurite)
        return azurite.error();
    m_azuriteFolder = *azurite;
    auto folder = StateFolder::open(m_options.state);
    if (!folder)
        return folder.error();
    m_folder = std::make_unique<StateFolder>(std::move(*folder));
    return prepareTls();
}

QStringList Sandbox::hostNames() const
{
    QStringList names{u"localhost"_s, u"127.0.0.1"_s, u"::1"_s};
    if (!m_options.azureNames)
        return names;
    names += {u"login.microsoftonline.com"_s, u"login.windows.net"_s, u"login.microsoft.com"_s,
              u"management.azure.com"_s, u"graph.microsoft.com"_s};
    for (const Account &account : m_scenario.accounts)
        names.append(blobHost(account));
    return names;
}

Sandbox::Step Sandbox::prepareTls()
{
    const auto authority = CertificateAuthority::create();
    if (!authority)
        return authority.error();
    const auto certificate = authority->issue(hostNames());
    if (!certificate)
        return certificate.error();
    m_authorityPem = authority->pem();
    m_certificate = *certificate;
    m_serverTls = QSslConfiguration::defaultConfiguration();
    m_serverTls.setLocalCertificateChain(QSslCertificate::fromData(m_certificate.chainPem));
    m_serverTls.setPrivateKey(QSslKey(m_certificate.keyPem, QSsl::Ec));
    m_serverTls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (auto written = m_folder->write(u"ca.pem"_s, m_authorityPem); !written)
        return written;
    if (auto written = m_folder->write(u"tls/chain.pem"_s, m_certificate.chainPem); !written)
        return written;
    return m_folder->write(u"tls/key.pem"_s, m_certificate.keyPem);
}

std::vector<Sandbox::Site> Sandbox::sites()
{
    std::vector<Site> sites{
        {u"authority"_s,
         {u"login.microsoftonline.com"_s, u"login.windows.net"_s, u"login.microsoft.com"_s},
         [this](const Incoming &request, QObject *, const Serving::HttpServer::Reply &reply) {
             reply(m_entra->answer(request, now()));
         }},
        {u"resourceManager"_s,
         {u"management.azure.com"_s},
         [this](const Incoming &request, QObject *, const Serving::HttpServer::Reply &reply) {
             reply(m_arm->answer(request, now()));
         }},
        {u"graph"_s,
         {u"graph.microsoft.com"_s},
         [this](const Incoming &request, QObject *, const Serving::HttpServer::Reply &reply) {
             reply(m_graph->answer(request, now()));
         }}};
    for (const Account &account : m_scenario.accounts) {
        sites.push_back({account.name,
                         {blobHost(account)},
                         [this, &account](const Incoming &request, QObject *context,
                                          const Serving::HttpServer::Reply &reply) {
                             serveBlob(account, request, context, reply);
                         }});
    }
    return sites;
}

Core::Result<QString> Sandbox::listenAt(int index, const Site &site)
{
    auto server = std::make_unique<Serving::HttpServer>(m_serverTls, site.handler);
    if (m_options.azureNames) {
        const QHostAddress address(u"127.0.0.%1"_s.arg(firstAzureAddress + index));
        if (const auto port = server->listen(address, 443); !port)
            return withPortAdvice(port.error());
        m_servers.push_back(std::move(server));
        return u"https://"_s + site.hosts.first();
    }
    const auto ports = m_folder->ports();
    if (!ports)
        return ports.error();
    const quint16 remembered = ports->value(site.service);
    const quint16 wanted = m_options.portBase ? quint16(m_options.portBase + index) : remembered;
    auto port = server->listen(QHostAddress::LocalHost, wanted);
    if (!port && !m_options.portBase && wanted) // somebody else has it by now
        port = server->listen(QHostAddress::LocalHost, 0);
    if (!port)
        return withPortAdvice(port.error());
    m_ports.insert(site.service, *port);
    m_servers.push_back(std::move(server));
    return u"https://localhost:%1"_s.arg(*port);
}

Sandbox::Step Sandbox::listen()
{
    int index = 0;
    for (const Site &site : sites()) {
        const auto url = listenAt(index++, site);
        if (!url)
            return url.error();
        if (site.service == u"authority")
            m_endpoints.authority = *url;
        else if (site.service == u"resourceManager")
            m_endpoints.resourceManager = *url;
        else if (site.service == u"graph")
            m_endpoints.graph = *url;
        else
            m_endpoints.accounts.insert(site.service, *url);
    }
    m_directory = std::make_unique<Directory>(m_scenario, now());
    m_entra = std::make_unique<EntraEndpoint>(m_scenario, *m_directory, m_issuer, m_endpoints);
    m_roles = std::make_unique<RoleRegister>(m_scenario, now());
    if (const Step kept = keepState(); !kept)
        return kept;
    m_authorizer = std::make_unique<Authorizer>(m_scenario, *m_roles);
    m_arm = std::make_unique<ArmEndpoint>(m_scenario, *m_authorizer, *m_roles, *m_directory,
                                          m_issuer, m_endpoints);
    m_graph = std::make_unique<GraphEndpoint>(m_scenario, *m_directory, m_issuer, m_endpoints);
    m_blob = std::make_unique<BlobEndpoint>(m_scenario, *m_authorizer, m_issuer, m_endpoints);
    return m_folder->isTemporary() || m_options.azureNames ? Step()
                                                           : m_folder->rememberPorts(m_ports);
}

// Azurite replaces a database that it cannot read by an empty one, without a word.
Sandbox::Step Sandbox::checkKeptBlobs()
{
    if (m_folder->isTemporary())
        return {};
    const auto mark = Core::readFile(m_folder->path(seedMark), 1 << 10);
    if (!mark && mark.error().kind != Core::Error::Kind::NotFound)
        return mark.error();
    m_keepsBlobs = mark && *mark == scenarioDigest();
    return checkDatabase(m_folder->path(u"azurite"_s), m_keepsBlobs);
}

void Sandbox::startAzurite()
{
    Azurite::Options options{.folder = m_azuriteFolder,
                             .certificateFile = m_folder->path(u"tls/chain.pem"_s),
                             .keyFile = m_folder->path(u"tls/key.pem"_s),
                             .keys = {},
                             .location = m_folder->isTemporary() ? QString()
                                                                 : m_folder->path(u"azurite"_s)};
    for (const Account &account : m_scenario.accounts)
        options.keys.insert(
            account.name,
            QString::fromLatin1(QCryptographicHash::hash(TokenIssuer::opaque(32).toLatin1(),
                                                         QCryptographicHash::Sha512)
                                    .toBase64()));
    if (!options.location.isEmpty() && !QDir().mkpath(options.location))
        return report(
            Core::Error{.kind = Core::Error::Kind::File,
                        .message = u"The folder %1 cannot be made."_s.arg(options.location)});
    m_azurite = std::make_unique<Azurite>();
    connect(m_azurite.get(), &Azurite::died, this, &Sandbox::failed);
    m_azurite->start(options, [this](const Core::Result<quint16> &port) {
        if (!port)
            return report(port.error());
        connectBackend(*port);
        seed();
    });
}

void Sandbox::connectBackend(quint16 port)
{
    m_azuriteOrigin = u"https://127.0.0.1:%1"_s.arg(port);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(QSslCertificate::fromData(m_authorityPem));
    const qint64 second = machineTime().toSecsSinceEpoch(); // Azurite's clock
    const QByteArray bearer = m_issuer.sign({{u"aud"_s, u"https://storage.azure.com"_s},
                                             {u"iss"_s, u"https://sts.windows.net/sandbox/"_s},
                                             {u"iat"_s, second - 300},
                                             {u"nbf"_s, second - 300},
                                             {u"exp"_s, second + 10 * 365 * 86400LL}});
    m_backend = std::make_unique<Backend>(port, tls, bearer);
}

void Sandbox::seed()
{
    const auto finish = [this] {
        m_seeded = true;
        const Step written = writeFiles();
        report(written ? Core::Result<QJsonObject>(readyLine()) : written.error());
    };
    QFile::remove(m_folder->path(seedMark));
    if (m_keepsBlobs)
        return finish();
    auto *seeding = new Seeding(*m_backend, m_scenario, this);
    seeding->start([this, finish](const Step &seeded) {
        if (!seeded)
            return report(seeded.error());
        finish();
    });
}

void Sandbox::serveBlob(const Account &account, const Incoming &request, QObject *context,
                        const Serving::HttpServer::Reply &reply)
{
    const auto decision = m_blob->decide(account, request, now());
    if (const auto *refusal = std::get_if<Answer>(&decision))
        return reply(*refusal);
    if (!m_backend)
        return reply(notReady(request, now()));
    const Admitted admitted = std::get<Admitted>(decision);
    const BlobAdapter adapter(account, m_endpoints.accounts.value(account.name), m_azuriteOrigin);
    if (const auto own = adapter.own(request, admitted, now()))
        return reply(*own);
    m_backend->send(adapter.forAzurite(admitted), context,
                    [this, adapter, request, admitted, reply](const Core::Result<Answer> &answer) {
                        reply(answer ? adapter.asAzure(*answer, request, admitted, now())
                                     : notReady(request, now()));
                    });
}

} // namespace Sandbox
