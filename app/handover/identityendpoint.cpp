#include "handover/identityendpoint.h"

#include <QRandomGenerator>
#include <array>

namespace Handover {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Serving::Answer;

namespace {

// Requests are short, and whoever has no header need not be waited for.
constexpr Serving::ServerLimits s_limits{.message = {.head = 16 * 1024, .body = 4096},
                                         .idle = 60s,
                                         .request = 10s,
                                         .head = 2s,
                                         .connections = 128,
                                         .perUser = 96,
                                         .ownUserOnly = true};

Core::Secret randomHeader()
{
    std::array<quint32, 8> random{};
    QRandomGenerator::system()->fillRange(random.data(), qsizetype(random.size()));
    const auto *bytes = reinterpret_cast<const char *>(random.data());
    return Core::Secret::take(QByteArray::fromRawData(bytes, sizeof(random)).toHex());
}

} // namespace

IdentityEndpoint::IdentityEndpoint(QString clientId, const QStringList &resources,
                                   TokenSource source, QObject *parent)
    : QObject(parent)
    , m_source(std::move(source))
    , m_server(
          std::nullopt,
          [this](const Serving::Incoming &request, QObject *context,
                 const Serving::HttpServer::Reply &reply) { serve(request, context, reply); },
          s_limits)
{
    m_rules.clientId = std::move(clientId);
    m_rules.header = randomHeader();
    for (const QString &resource : resources)
        m_rules.resources.append(resourceOf(resource));
}

Core::Result<void> IdentityEndpoint::listen()
{
    const auto port = m_server.listen(QHostAddress(QHostAddress::LocalHost), 0);
    if (!port)
        return port.error();
    m_port = *port;
    m_rules.host = "127.0.0.1:" + QByteArray::number(m_port);
    return {};
}

Variables IdentityEndpoint::variables() const
{
    const QByteArray url = "http://" + m_rules.host + identityPath;
    return {{"IDENTITY_ENDPOINT", Core::Secret(url)}, {"IDENTITY_HEADER", m_rules.header}};
}

void IdentityEndpoint::serve(const Serving::Incoming &request, QObject *context,
                             const Serving::HttpServer::Reply &reply)
{
    const auto resource = admit(request, m_rules);
    if (!resource)
        return reply(refusal(resource.error()));
    m_source(*resource, context,
             [resource = *resource, clientId = m_rules.clientId,
              reply](const Core::Result<Identity::AccessToken> &token) {
                 reply(token ? tokenAnswer(*token, resource, clientId) : refusal(token.error()));
             });
}

} // namespace Handover
