#pragma once

#include "core/clock.h"
#include "http/transport.h"
#include "identity/devicecode.h"

#include <QObject>
#include <QTimer>

namespace Services {

/// Signs a person in by a code that is entered on any device's browser. Deleting it cancels.
class DeviceCodeSignIn final : public QObject
{
    Q_OBJECT
public:
    DeviceCodeSignIn(Http::Transport &transport, const Core::Clock &clock,
                     Identity::PublicClient client, QString scope, QObject *parent = nullptr);

    /// codeReady(), then finished() when the person has decided or the code has expired. Errors:
    /// Forbidden (declined), Timeout (expired), Cancelled, InvalidInput, those of the token
    /// endpoint. A lost connection is no end: it is asked again until the code expires.
    void start();
    void cancel();

    /// For tests: how long a second of the server's interval is.
    void setSecond(std::chrono::milliseconds second) { m_second = second; }

signals:
    void codeReady(const Identity::DeviceCode &code);
    void finished(const Core::Result<Identity::UserTokens> &tokens);

private:
    void receiveCode(const Core::Result<Http::Response> &response);
    void waitAndAsk();
    void ask();
    void answered(const Core::Result<Http::Response> &response);
    void finish(const Core::Result<Identity::UserTokens> &tokens);

    Http::Transport &m_transport;
    const Core::Clock &m_clock;
    Identity::PublicClient m_client;
    QString m_scope;
    Identity::DeviceCode m_code;
    QTimer m_timer;
    std::chrono::milliseconds m_second{1000};
    std::unique_ptr<QObject> m_request; ///< the context of what is under way; going, it aborts
    bool m_over = false;
};

} // namespace Services
