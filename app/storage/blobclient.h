#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "storage/bloblisting.h"
#include "storage/listrun.h"
#include "storage/serviceerror.h"

#include <QString>
#include <QUrl>
#include <optional>

namespace Storage {

/// The version that every request asks for; 2021-12-02 and later answer alike for what is used here.
inline constexpr char serviceVersion[] = "2023-11-03";

/// The URL of the account itself ("/"), of a container, of a blob (names are percent-encoded; "/" in a blob's name stays).
QUrl accountUrl(const QUrl &account);
QUrl containerUrl(const QUrl &account, const QString &container);
/// Empty for a name with a part "." or "..", which no URL can mean.
QUrl blobUrl(const QUrl &account, const QString &container, const QString &blob);

/// A request to the blob service with what each needs: x-ms-version, x-ms-date, Accept-Encoding: identity, the token.
Http::Request blobRequest(const QByteArray &verb, const QUrl &url, const Endpoint &endpoint, const Identity::AccessToken &token,
                          const QDateTime &now);

/// The Blob service's REST interface, as far as looking at blobs, and deleting one, needs it.
class BlobClient final
{
public:
    BlobClient(Http::Transport &transport, const Core::Clock &clock, Endpoint endpoint);

    /// Both return a run that \a parent owns; connect, then start().
    ListRun *listContainers(const Identity::AccessToken &token, const ListOptions &options, QObject *parent);
    ListRun *listBlobs(const Identity::AccessToken &token, const QString &container, const ListOptions &options,
                       QObject *parent);

    struct Properties {
        Http::Headers headers;
        std::int64_t contentLength = BlobListing::unknown;
        QString contentType;
        QString etag;
    };
    void head(const Identity::AccessToken &token, const QString &container, const QString &blob, QObject *context,
              Core::Done<Properties> done);
    using Tags = QList<std::pair<QString, QString>>;
    /// The index tags, as key and value. They need a permission of their own.
    void tags(const Identity::AccessToken &token, const QString &container, const QString &blob, QObject *context,
              Core::Done<Tags> done);
    /// The first \a maxBytes bytes.
    void get(const Identity::AccessToken &token, const QString &container, const QString &blob, qint64 maxBytes,
             QObject *context, Core::Done<QByteArray> done);
    /// Deletes the blob in the state \a etag, without snapshots. It is asked for once; where no answer comes the
    /// error says that its fate is not known.
    void remove(const Identity::AccessToken &token, const QString &container, const QString &blob, const QString &etag,
                QObject *context, Core::Done<void> done);

private:
    Http::Transport &m_transport;
    const Core::Clock &m_clock;
    Endpoint m_endpoint;
};

} // namespace Storage
