#include "http/qttransport.h"

#include "core/deliver.h"
#include "core/logging.h"
#include "http/activitylog.h"
#include "http/admission.h"
#include "http/exchange.h"

#include <QDeadlineTimer>
#include <QNetworkProxyFactory>
#include <QPointer>
#include <QRandomGenerator>

namespace Http {

using namespace Qt::StringLiterals;

namespace {

// The system's proxy, but never for this machine: a request to loopback must not leave it.
class ProxyFactory final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        if (isLoopback(query.peerHostName()))
            return {QNetworkProxy::NoProxy};
        const QList<QNetworkProxy> proxies = systemProxyForQuery(query);
        return proxies.isEmpty() ? QList<QNetworkProxy>{QNetworkProxy::NoProxy} : proxies;
    }
};

QString origin(const QUrl &url)
{
    return u"%1://%2:%3"_s.arg(url.scheme(), url.host()).arg(url.port(url.scheme() == u"https" ? 443 : 80));
}

// Lives until its callback has run, its context died, or the transport goes: whichever comes first.
class Sending final : public QObject
{
public:
    Sending(const Core::Clock &clock, ActivityLog &log, const RetryPolicy &policy, std::shared_ptr<QNetworkAccessManager> network,
            std::function<void()> forgetNetwork, Request request, QObject *context, Core::Done<Response> done, QObject *parent)
        : QObject(parent), m_clock(clock), m_log(log), m_policy(policy), m_network(std::move(network)),
          m_forgetNetwork(std::move(forgetNetwork)),
          m_request(std::move(request)), m_context(context), m_done(std::move(done)),
          m_deadline(m_request.deadline)
    {
        connect(context, &QObject::destroyed, this, [this] { delete this; });
        m_wait.setSingleShot(true);
        connect(&m_wait, &QTimer::timeout, this, &Sending::attempt);
        m_wait.start(0);
    }
    ~Sending() override { delete m_exchange; } // before the network that it uses

private:
    void attempt()
    {
        ++m_attempt;
        m_exchange = new Exchange(*m_network, m_request, m_deadline, this);
        // Queued: an exchange that fails at once must not be torn down while it is starting.
        connect(m_exchange, &Exchange::finished, this, &Sending::attempted, Qt::QueuedConnection);
        m_exchange->start();
    }

    void attempted(const Core::Result<Response> &result)
    {
        record(result);
        if (!result && (result.error().code == u"HostNotFound" || result.error().code == u"NameNotResolved"))
            m_forgetNetwork();
        const bool started = m_exchange->handedOver();
        std::exchange(m_exchange, nullptr)->deleteLater();
        const std::chrono::milliseconds left(m_deadline.remainingTime());
        const double jitter = QRandomGenerator::global()->generateDouble();
        const auto delay = started ? std::nullopt
            : result ? m_policy.delayAfter(m_request, *result, m_attempt, jitter, left, m_clock.now())
                     : m_policy.delayAfter(m_request, result.error(), m_attempt, jitter, left);
        if (delay) {
            m_wait.start(*delay);
            return;
        }
        // deleteLater first: the callback may delete the context, and with it this.
        const Core::Done<Response> done = std::move(m_done);
        disconnect(m_context, nullptr, this, nullptr);
        deleteLater();
        done(result);
    }

    void record(const Core::Result<Response> &result)
    {
        Activity activity;
        activity.at = m_clock.now();
        activity.verb = m_request.verb;
        activity.url = m_request.url;
        activity.attempt = m_attempt;
        activity.headers = m_exchange->sentHeaders();
        activity.authorized = !m_request.bearer.isEmpty();
        activity.clientRequestId = m_exchange->clientRequestId();
        activity.elapsed = m_exchange->elapsed();
        if (result) {
            activity.status = result->status;
            activity.requestId = result->requestId();
            activity.error = QString::fromUtf8(result->header("x-ms-error-code"));
        } else {
            activity.error = result.error().message;
        }
        qCDebug(Core::lcHttp) << activity.verb << redacted(activity.url) << activity.status << activity.error;
        m_log.add(std::move(activity));
    }

    const Core::Clock &m_clock;
    ActivityLog &m_log;
    const RetryPolicy &m_policy;
    const std::shared_ptr<QNetworkAccessManager> m_network;
    const std::function<void()> m_forgetNetwork;
    const Request m_request;
    QObject *m_context;
    Core::Done<Response> m_done;
    QDeadlineTimer m_deadline;
    QTimer m_wait;
    Exchange *m_exchange = nullptr;
    int m_attempt = 0;
};

} // namespace

QtTransport::QtTransport(const Core::Clock &clock, ActivityLog &log, RetryPolicy policy, QObject *parent)
    : QObject(parent), m_clock(clock), m_log(log), m_policy(policy)
{
}

QtTransport::~QtTransport()
{
    // Requests under way use the networks, so they go first.
    qDeleteAll(findChildren<QObject *>(QString(), Qt::FindDirectChildrenOnly));
}

void QtTransport::send(Request request, QObject *context, Core::Done<Response> done)
{
    if (m_refused && !request.bearer.isEmpty()) {
        done = [this, token = request.bearer, done = std::move(done)](Core::Result<Response> answer) {
            if (answer && answer->status == 401)
                m_refused(token);
            done(std::move(answer));
        };
    }
    if (const Core::Result<void> admitted = admit(request.url, request.trust); !admitted)
        return Core::deliver(context, std::move(done), admitted.error());
    const QUrl url = request.url;
    // What cannot be sent again must not meet a connection that the server has just closed for having been idle.
    auto network = request.retryable ? networkFor(url) : newNetwork();
    new Sending(m_clock, m_log, m_policy, std::move(network), [this, url] { forget(url); }, std::move(request), context, std::move(done), this);
}

std::shared_ptr<QNetworkAccessManager> QtTransport::networkFor(const QUrl &url)
{
    std::shared_ptr<QNetworkAccessManager> &network = m_networks[origin(url)];
    if (!network)
        network = newNetwork();
    return network;
}

std::shared_ptr<QNetworkAccessManager> QtTransport::newNetwork()
{
    auto network = std::make_shared<QNetworkAccessManager>();
    network->setProxyFactory(new ProxyFactory); // the network owns it
    network->setAutoDeleteReplies(false);
    return network;
}

void QtTransport::forget(const QUrl &url)
{
    m_networks.remove(origin(url));
}

} // namespace Http
