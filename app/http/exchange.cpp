#include "http/exchange.h"

#include "http/admission.h"
#include "http/echoes.h"
#include "http/networkerror.h"
#include "http/oncebody.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSslConfiguration>
#include <QUuid>

namespace Http {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

constexpr int maxRedirects = 5;

QNetworkRequest networkRequest(const Request &request, const QUrl &url)
{
    QNetworkRequest asked(url);
    asked.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    asked.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    asked.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    asked.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    asked.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    asked.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);

    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    // Qt looks the system's authorities up one by one as they are needed, and stops that as soon as a list is given, even an
    // empty one: then the list has to hold them all. Reading them takes far longer than a request.
    if (!request.trust.caCertificates.isEmpty()) {
        static const QList<QSslCertificate> systems = QSslConfiguration::systemCaCertificates();
        tls.setCaCertificates(systems + request.trust.caCertificates);
    }
    // ALPN belongs to the configuration: without this a request with an own one would never speak HTTP/2.
    tls.setAllowedNextProtocols({QSslConfiguration::ALPNProtocolHTTP2, QSslConfiguration::NextProtocolHttp1_1});
    asked.setSslConfiguration(tls);
    return asked;
}

} // namespace

Exchange::Exchange(QNetworkAccessManager &network, const Request &request, QDeadlineTimer deadline, QObject *parent)
    : QObject(parent), m_network(network), m_request(request), m_deadline(deadline)
{
    m_idle.setSingleShot(true);
    m_overall.setSingleShot(true);
    connect(&m_idle, &QTimer::timeout, this, [this] {
        expire(u"%1 sent nothing for %2 seconds."_s.arg(m_request.url.host()).arg(m_request.idleTimeout.count() / 1000.0));
    });
    connect(&m_overall, &QTimer::timeout, this, [this] {
        expire(u"%1 did not finish its answer within %2 seconds."_s.arg(m_request.url.host())
                   .arg(m_request.deadline.count() / 1000.0));
    });
}

Exchange::~Exchange()
{
    dropReply();
}

void Exchange::start()
{
    m_elapsed.start();
    m_overall.start(std::max<qint64>(0, m_deadline.remainingTime()));
    ask(m_request.url);
}

void Exchange::ask(const QUrl &url)
{
    if (const Core::Result<void> admitted = admit(url, m_request.trust); !admitted)
        return finish(admitted.error());

    m_sent.clear();
    for (const auto &[name, value] : m_request.headers)
        m_sent.append({name, value});
    const auto addUnlessThere = [this](const QByteArray &name, const QByteArray &value) {
        if (header(m_sent, name).isEmpty())
            m_sent.append({name, value});
    };
    addUnlessThere("User-Agent", "rolescope/" ROLESCOPE_VERSION);
    addUnlessThere("Accept-Encoding", "identity"); // anything else Qt would decode on its own
    addUnlessThere("x-ms-client-request-id", QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    m_clientRequestId = header(m_sent, "x-ms-client-request-id");

    QNetworkRequest asked = networkRequest(m_request, url);
    for (const auto &[name, value] : m_sent)
        asked.setRawHeader(name, value);
    if (!m_request.bearer.isEmpty())
        asked.setRawHeader("Authorization", "Bearer " + m_request.bearer.reveal().toByteArray());

    const bool withSecret = !m_request.secretBody.isEmpty();
    QByteArray body = withSecret ? m_request.secretBody.reveal().toByteArray() : m_request.body;
    // Without a body of its own a PUT or POST must still say that it is empty.
    if (body.isEmpty() && (m_request.verb == "PUT" || m_request.verb == "POST" || m_request.verb == "PATCH"))
        asked.setRawHeader("Content-Length", "0");
    if (m_request.verb == "PUT" && header(m_sent, "Content-Type").isEmpty())
        asked.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/octet-stream"));

    m_reply = m_request.verb == "GET"    ? m_network.get(asked)
        : m_request.verb == "HEAD"       ? m_network.head(asked)
        : m_request.retryable            ? m_network.sendCustomRequest(asked, m_request.verb, body)
                                         : sendOnce(asked, body);
    m_reply->setReadBufferSize(4 << 20);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        m_tlsError = tlsProblem(errors, m_reply->url().host());
    });
    connect(m_reply, &QNetworkReply::readyRead, this, &Exchange::readBody);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, [this] { m_idle.start(m_request.idleTimeout); });
    connect(m_reply, &QNetworkReply::uploadProgress, this, [this](qint64 sent) {
        m_idle.start(m_request.idleTimeout);
        if (m_request.onProgress && m_request.verb != "GET" && sent > 0) // Qt ends with a 0
            m_request.onProgress(sent);
    });
    connect(m_reply, &QNetworkReply::finished, this, &Exchange::replyFinished);
    m_idle.start(m_request.idleTimeout);
}

QNetworkReply *Exchange::sendOnce(QNetworkRequest asked, const QByteArray &body)
{
    asked.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    asked.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true); // a buffer could be sent again
    auto *once = new OnceBody(body);
    QNetworkReply *reply = m_network.sendCustomRequest(asked, m_request.verb, once);
    once->setParent(reply);
    return reply;
}

void Exchange::readBody()
{
    m_idle.start(m_request.idleTimeout);
    const QByteArray piece = m_reply->readAll();
    m_received += piece.size();
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool success = status >= 200 && status < 300;
    if (success && m_request.onProgress && m_request.verb == "GET")
        m_request.onProgress(m_received);
    const bool stream = m_request.onBody && success;
    if (!stream && m_received > m_request.maxBody) {
        return finish(Error{.kind = Error::Kind::BadResponse,
                            .message = u"The answer of %1 is longer than %2 bytes."_s.arg(m_reply->url().host())
                                           .arg(m_request.maxBody),
                            .code = u"BodyTooLong"_s,
                            .status = status});
    }
    if (stream) {
        m_handedOver = m_handedOver || !piece.isEmpty();
        m_request.onBody(piece);
    } else {
        m_body += piece;
    }
}

Response Exchange::answer() const
{
    Response response;
    response.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto pairs = m_reply->rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        response.headers.append({name, value});
    response.body = m_body;
    response.url = m_reply->url();
    response.clientRequestId = m_clientRequestId;
    response.elapsed = elapsed();
    maskEchoes(response, m_request);
    return response;
}

void Exchange::replyFinished()
{
    if (!m_reply)
        return;
    if (m_reply->isOpen() && m_reply->bytesAvailable() > 0) {
        readBody();
        if (!m_reply)
            return;
    }
    const Response response = answer();
    const QNetworkReply::NetworkError error = m_reply->error();
    // Qt reports 4xx and 5xx as errors too; to us they are answers. What remains is that none came, or only a part.
    const bool answered = response.status > 0
        && (error == QNetworkReply::NoError || error == QNetworkReply::ProtocolInvalidOperationError
            || (error >= QNetworkReply::ContentAccessDenied && error <= QNetworkReply::UnknownServerError));
    if (!answered) {
        return finish(networkError(error, m_reply->errorString(), m_reply->url().host(), m_tlsError, response.status));
    }

    const QByteArray length = response.header("Content-Length");
    if (m_request.verb != "HEAD" && !length.isEmpty() && response.status != 204 && response.status != 304
        && length.toLongLong() > m_received && response.header("Content-Encoding").isEmpty()) {
        return finish(networkError(QNetworkReply::RemoteHostClosedError, {}, m_reply->url().host(), {}, response.status));
    }

    const bool redirect = response.status == 301 || response.status == 302 || response.status == 303
        || response.status == 307 || response.status == 308;
    if (!redirect)
        return finish(response);
    const Core::Result<QUrl> target = redirectTarget(m_request, m_reply->url(), response.header("Location"));
    if (!target)
        return finish(target.error());
    if (++m_redirects > maxRedirects)
        return finish(Error{.kind = Error::Kind::BadResponse,
                            .message = u"%1 redirects in circles."_s.arg(m_reply->url().host()),
                            .code = u"RedirectRefused"_s});
    dropReply();
    m_body.clear();
    m_received = 0;
    ask(*target);
}

void Exchange::expire(const QString &message)
{
    finish(Error{.kind = Error::Kind::Timeout,
                 .message = message,
                 .code = u"Timeout"_s,
                 .nextStep = u"Check the connection to this host (firewall, proxy, VPN), then try again."_s});
}

void Exchange::finish(const Core::Result<Response> &result)
{
    m_idle.stop();
    m_overall.stop();
    dropReply();
    emit finished(result);
}

void Exchange::dropReply()
{
    if (QNetworkReply *reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

} // namespace Http
