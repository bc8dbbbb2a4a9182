#include "services/browsersignin.h"

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::AuthorizationAttempt;
using Identity::UserTokens;

BrowserSignIn::BrowserSignIn(Http::Transport &transport, const Core::Clock &clock,
                             Identity::PublicClient client, QString scope, QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_clock(clock)
    , m_attempt{.client = std::move(client), .scope = std::move(scope)}
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        finish(Error{.kind = Error::Kind::Timeout,
                     .message = u"The browser did not come back in time."_s,
                     .nextStep =
                         u"Start again; without a browser on this machine, use --device-code."_s});
    });
}

void BrowserSignIn::start(std::chrono::milliseconds timeout)
{
    if (const Result<void> possible = Identity::check(m_attempt.client); !possible)
        return finish(possible.error());
    m_listener = std::make_unique<LoopbackListener>();
    const Result<quint16> port = m_listener->listen();
    if (!port)
        return finish(port.error());
    m_attempt = AuthorizationAttempt::begin(m_attempt.client, m_attempt.scope, *port);
    m_listener->setAccept([this](const QUrlQuery &answer) {
        const auto code = m_attempt.codeFrom(answer);
        return code || code.error().code != u"StateMismatch";
    });
    connect(m_listener.get(), &LoopbackListener::accepted, this, &BrowserSignIn::cameBack);
    m_timer.start(timeout);
    emit openBrowser(m_listener->leadTo(m_attempt.url()));
}

void BrowserSignIn::cancel()
{
    finish(Error{.kind = Error::Kind::Cancelled, .message = u"The sign-in was cancelled."_s});
}

void BrowserSignIn::cameBack(const QUrlQuery &answer)
{
    const auto code = m_attempt.codeFrom(answer);
    if (!code)
        return finish(code.error());
    m_request = std::make_unique<QObject>();
    m_transport.send(
        m_attempt.tokenRequest(*code), m_request.get(),
        [this](const Result<Http::Response> &response) {
            finish(response ? Identity::parseUserTokens(*response, m_attempt.scope, m_clock.now())
                            : Result<UserTokens>(response.error()));
        });
}

void BrowserSignIn::finish(const Result<UserTokens> &tokens)
{
    if (std::exchange(m_over, true))
        return;
    m_timer.stop();
    QMetaObject::invokeMethod(
        this,
        [this, tokens] {
            m_listener.reset();
            m_request.reset();
            emit finished(tokens);
        },
        Qt::QueuedConnection);
}

} // namespace Services
