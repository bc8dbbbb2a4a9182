#include "services/devicecodesignin.h"

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::DeviceAnswer;
using Identity::UserTokens;

DeviceCodeSignIn::DeviceCodeSignIn(Http::Transport &transport, const Core::Clock &clock,
                                   Identity::PublicClient client, QString scope, QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_clock(clock)
    , m_client(std::move(client))
    , m_scope(std::move(scope))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &DeviceCodeSignIn::ask);
}

void DeviceCodeSignIn::start()
{
    if (const Result<void> possible = Identity::check(m_client); !possible)
        return finish(possible.error());
    m_request = std::make_unique<QObject>();
    m_transport.send(Identity::deviceCodeRequest(m_client, m_scope), m_request.get(),
                     [this](const Result<Http::Response> &response) { receiveCode(response); });
}

void DeviceCodeSignIn::cancel()
{
    finish(Error{.kind = Error::Kind::Cancelled, .message = u"The sign-in was cancelled."_s});
}

void DeviceCodeSignIn::receiveCode(const Result<Http::Response> &response)
{
    if (!response)
        return finish(response.error());
    const auto code = Identity::parseDeviceCode(*response, m_client.cloud, m_clock.now());
    if (!code)
        return finish(code.error());
    m_code = *code;
    emit codeReady(m_code);
    if (!m_over)
        waitAndAsk();
}

void DeviceCodeSignIn::waitAndAsk()
{
    m_timer.start(m_code.interval * m_second);
}

void DeviceCodeSignIn::ask()
{
    if (m_clock.now() >= m_code.expiresAt)
        return finish(Identity::deviceCodeExpired());
    m_request = std::make_unique<QObject>();
    m_transport.send(Identity::deviceTokenRequest(m_client, m_code), m_request.get(),
                     [this](const Result<Http::Response> &response) { answered(response); });
}

void DeviceCodeSignIn::answered(const Result<Http::Response> &response)
{
    if (!response) {
        // RFC 8628, section 3.5: on a timeout of the connection, wait longer and go on.
        const Error::Kind kind = response.error().kind;
        if (kind != Error::Kind::Network && kind != Error::Kind::Timeout)
            return finish(response.error());
        m_code.interval += 5;
        return waitAndAsk();
    }
    switch (Identity::deviceAnswer(*response)) {
    case DeviceAnswer::SlowDown: m_code.interval += 5; return waitAndAsk();
    case DeviceAnswer::Pending: return waitAndAsk();
    case DeviceAnswer::Over: return finish(Identity::deviceRefusal(*response, m_clock.now()));
    case DeviceAnswer::Token: break;
    }
    finish(Identity::parseUserTokens(*response, m_scope, m_clock.now()));
}

void DeviceCodeSignIn::finish(const Result<UserTokens> &tokens)
{
    if (std::exchange(m_over, true))
        return;
    m_timer.stop();
    QMetaObject::invokeMethod(
        this,
        [this, tokens] {
            m_request.reset();
            emit finished(tokens);
        },
        Qt::QueuedConnection);
}

} // namespace Services
