#pragma once

#include "core/clock.h"
#include "http/transport.h"
#include "identity/authorizationcode.h"
#include "services/loopbacklistener.h"

#include <QObject>
#include <QTimer>

namespace Services {

/// Signs a person in through the system's browser. Deleting it cancels, and closes the port.
class BrowserSignIn final : public QObject
{
    Q_OBJECT
public:
    BrowserSignIn(Http::Transport &transport, const Core::Clock &clock,
                  Identity::PublicClient client, QString scope, QObject *parent = nullptr);

    /// openBrowser(), then finished() when the browser has come back or \a timeout is over. Errors:
    /// Forbidden (declined), Timeout, Cancelled, InvalidInput, Network, those of the token
    /// endpoint.
    void start(std::chrono::milliseconds timeout = std::chrono::minutes(10));
    void cancel();

signals:
    /// \a url is on this machine, works once and leads to the sign-in page: nothing in it is of use
    /// to whoever else sees it later.
    void openBrowser(const QUrl &url);
    void finished(const Core::Result<Identity::UserTokens> &tokens);

private:
    void cameBack(const QUrlQuery &answer);
    void finish(const Core::Result<Identity::UserTokens> &tokens);

    Http::Transport &m_transport;
    const Core::Clock &m_clock;
    Identity::AuthorizationAttempt m_attempt;
    std::unique_ptr<LoopbackListener> m_listener;
    std::unique_ptr<QObject> m_request;
    QTimer m_timer;
    bool m_over = false;
};

} // namespace Services
