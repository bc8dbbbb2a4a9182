#pragma once

#include "core/clock.h"
#include "http/retrypolicy.h"
#include "http/transport.h"

#include <QHash>
#include <QNetworkAccessManager>
#include <QObject>
#include <functional>
#include <memory>

namespace Http {

class ActivityLog;

/// The real transport, over QNetworkAccessManager: TLS only (http to loopback only where the request's Trust says
/// so), redirects by hand and never with Authorization or a body to another origin, no cookies, no cache, no
/// transparent decompression, idle timeout and deadline, retries by RetryPolicy, the system's proxy, an
/// x-ms-client-request-id on each request, each exchange in the ActivityLog.
class QtTransport final : public QObject, public Transport
{
    Q_OBJECT
public:
    QtTransport(const Core::Clock &clock, ActivityLog &log, RetryPolicy policy = {}, QObject *parent = nullptr);
    ~QtTransport() override;

    void send(Request request, QObject *context, Core::Done<Response> done) override;

    /// Hears of each token that was answered with 401, before who asked does: such a token is of no more use.
    void setRefused(std::function<void(const Core::Secret &token)> refused) { m_refused = std::move(refused); }

private:
    const Core::Clock &m_clock;
    ActivityLog &m_log;
    RetryPolicy m_policy;
    std::function<void(const Core::Secret &)> m_refused;
    /// One for each origin. Qt 6.4.2 keeps a connection whose host was not found in its cache, and leaves every further request
    /// to that host hanging until its time-out; a new one asks again.
    std::shared_ptr<QNetworkAccessManager> networkFor(const QUrl &url);
    static std::shared_ptr<QNetworkAccessManager> newNetwork();
    void forget(const QUrl &url);
    QHash<QString, std::shared_ptr<QNetworkAccessManager>> m_networks;
};

} // namespace Http
