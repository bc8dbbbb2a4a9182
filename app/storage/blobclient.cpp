#include "storage/blobclient.h"

#include "storage/blobtags.h"
#include "storage/blobwriting.h"

#include <QLocale>

namespace Storage {

using namespace Qt::StringLiterals;

namespace {

// Every byte that is not unreserved is encoded; "/" only where it separates what the service takes as one name.
QByteArray encoded(const QString &name)
{
    return QUrl::toPercentEncoding(name, "/");
}

QUrl below(const QUrl &account, const QByteArray &path)
{
    QByteArray text = account.toEncoded(QUrl::StripTrailingSlash | QUrl::RemoveQuery | QUrl::RemoveFragment) + '/' + path;
    return QUrl::fromEncoded(text, QUrl::StrictMode);
}

} // namespace

QUrl accountUrl(const QUrl &account)
{
    return below(account, {});
}

QUrl containerUrl(const QUrl &account, const QString &container)
{
    return below(account, QUrl::toPercentEncoding(container, "$"));
}

QUrl blobUrl(const QUrl &account, const QString &container, const QString &blob)
{
    // Parts that are only dots are steps in a path, encoded or not: such a name could reach another blob, and no URL can mean it.
    const QStringList parts = blob.split(u'/');
    if (parts.contains(u"."_s) || parts.contains(u".."_s))
        return {};
    return below(account, QUrl::toPercentEncoding(container, "$") + '/' + encoded(blob));
}

Http::Request blobRequest(const QByteArray &verb, const QUrl &url, const Endpoint &endpoint, const Identity::AccessToken &token,
                          const QDateTime &now)
{
    Http::Request request;
    request.verb = verb;
    request.url = url;
    const QString date = QLocale::c().toString(now.toUTC(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    request.headers = {{"x-ms-version", serviceVersion}, {"x-ms-date", date.toLatin1()}, {"Accept-Encoding", "identity"}};
    request.bearer = token.value;
    request.trust = endpoint.trust;
    return request;
}

BlobClient::BlobClient(Http::Transport &transport, const Core::Clock &clock, Endpoint endpoint)
    : m_transport(transport), m_clock(clock), m_endpoint(std::move(endpoint))
{
}

ListRun *BlobClient::listContainers(const Identity::AccessToken &token, const ListOptions &options, QObject *parent)
{
    return new ListRun(m_transport, m_clock, m_endpoint, token, {}, options, parent);
}

ListRun *BlobClient::listBlobs(const Identity::AccessToken &token, const QString &container, const ListOptions &options,
                               QObject *parent)
{
    return new ListRun(m_transport, m_clock, m_endpoint, token, container, options, parent);
}

void BlobClient::head(const Identity::AccessToken &token, const QString &container, const QString &blob, QObject *context,
                      Core::Done<Properties> done)
{
    Http::Request request = blobRequest("HEAD", blobUrl(m_endpoint.account, container, blob), m_endpoint, token, m_clock.now());
    m_transport.send(std::move(request), context, [done = std::move(done)](const Core::Result<Http::Response> &response) {
        if (!response)
            return done(response.error());
        if (!response->isSuccess())
            return done(blobError(*response));
        Properties properties;
        properties.headers = response->headers;
        bool ok = false;
        const qint64 length = response->header("Content-Length").toLongLong(&ok);
        properties.contentLength = ok ? length : BlobListing::unknown;
        properties.contentType = QString::fromUtf8(response->header("Content-Type"));
        properties.etag = QString::fromUtf8(response->header("ETag"));
        done(properties);
    });
}

void BlobClient::get(const Identity::AccessToken &token, const QString &container, const QString &blob, qint64 maxBytes,
                     QObject *context, Core::Done<QByteArray> done)
{
    Http::Request request = blobRequest("GET", blobUrl(m_endpoint.account, container, blob), m_endpoint, token, m_clock.now());
    request.headers.append({"x-ms-range", "bytes=0-" + QByteArray::number(std::max<qint64>(0, maxBytes - 1))});
    request.maxBody = maxBytes + 1;
    m_transport.send(std::move(request), context, [done = std::move(done)](const Core::Result<Http::Response> &response) {
        if (!response)
            return done(response.error());
        if (response->status == 416) // an empty blob has no first byte
            return done(QByteArray());
        if (!response->isSuccess())
            return done(blobError(*response));
        done(response->body);
    });
}

void BlobClient::tags(const Identity::AccessToken &token, const QString &container, const QString &blob, QObject *context,
                      Core::Done<Tags> done)
{
    QUrl url = blobUrl(m_endpoint.account, container, blob);
    url.setQuery(u"comp=tags"_s);
    m_transport.send(blobRequest("GET", url, m_endpoint, token, m_clock.now()), context,
                     [done = std::move(done)](const Core::Result<Http::Response> &response) {
                         if (!response)
                             return done(response.error());
                         done(response->isSuccess() ? parseTags(response->body) : Core::Result<Tags>(blobError(*response)));
                     });
}

void BlobClient::remove(const Identity::AccessToken &token, const QString &container, const QString &blob, const QString &etag,
                        QObject *context, Core::Done<void> done)
{
    Http::Request request = blobRequest("DELETE", blobUrl(m_endpoint.account, container, blob), m_endpoint, token, m_clock.now());
    request.headers.emplace_back("If-Match", quoted(etag));
    request.retryable = false;
    m_transport.send(std::move(request), context, [done = std::move(done)](const Core::Result<Http::Response> &response) {
        if (!response)
            return done(leftOpen(response.error(), u"the blob was deleted"_s));
        done(response->isSuccess() ? Core::Result<void>() : deletionRefused(*response));
    });
}

} // namespace Storage
