#pragma once

#include "core/clock.h"
#include "http/retrypolicy.h"
#include "http/transport.h"

#include <QNetworkAccessManager>
#include <QObject>

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

private:
    const Core::Clock &m_clock;
    ActivityLog &m_log;
    RetryPolicy m_policy;
    QNetworkAccessManager m_network;
};

} // namespace Http
