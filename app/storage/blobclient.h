#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "storage/bloblisting.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QUrl>
#include <memory>
#include <optional>

namespace Storage {

/// The version that every request asks for; 2021-12-02 and later answer alike for what is used here.
inline constexpr char serviceVersion[] = "2023-11-03";

/// The root of an account's blob service and who may be at the other end.
struct Endpoint {
    QUrl account; ///< e.g. https://acct.blob.core.windows.net, as Azure::parseAccountUrl() yields it
    Http::Trust trust;
};

/// The URL of a container, of a blob (names are percent-encoded; "/" in a blob's name stays), or of the account itself.
QUrl containerUrl(const QUrl &account, const QString &container);
QUrl blobUrl(const QUrl &account, const QString &container, const QString &blob);

/// A request to the blob service with what each needs: x-ms-version, x-ms-date, Accept-Encoding: identity, the token.
Http::Request blobRequest(const QByteArray &verb, const QUrl &url, const Endpoint &endpoint, const Identity::AccessToken &token,
                          const QDateTime &now);

/// The service's code (x-ms-error-code, else <Code> of the XML or error.code of the JSON), message and detail.
struct ServiceError {
    QString code;
    QString message; ///< first line
    QString detail;  ///< AuthenticationErrorDetail and the like; may be empty
};
ServiceError serviceError(const Http::Response &response);
/// As an Error: kind by status and code.
Core::Error blobError(const Http::Response &response);

struct ListOptions {
    QString prefix;
    QString delimiter;      ///< usually "/"; empty lists flat
    int pageSize = 5000;    ///< maxresults, 1…5000
    QStringList include;    ///< "metadata", "snapshots", "versions", "tags", "deleted", "uncommittedblobs", …
    qint64 limit = -1;      ///< stop after that many rows; -1 means all
};

/// Lists blobs or containers page by page. Pages are parsed on a worker thread while they arrive; each is handed over as
/// one batch on the context's thread. A NextMarker that repeats, or pages without an end, is an error (BadResponse).
/// Lives until finished() or failed() or until deleted, which cancels.
class ListRun final : public QObject
{
    Q_OBJECT
public:
    ~ListRun() override;

    void start();
    void cancel(); ///< at once; finished() follows with complete = false
    /// Rows so far.
    qint64 rows() const;

signals:
    void batch(std::shared_ptr<const Storage::BlobListing> rows);
    /// \a complete is false when cancelled or stopped by ListOptions::limit with more to come.
    void finished(bool complete);
    void failed(const Core::Error &error);

private:
    friend class BlobClient;
    struct Private;
    explicit ListRun(std::unique_ptr<Private> d, QObject *parent);
    std::unique_ptr<Private> d;
};

/// The Blob service's REST interface, as far as browsing needs it.
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
    /// The first \a maxBytes bytes.
    void get(const Identity::AccessToken &token, const QString &container, const QString &blob, qint64 maxBytes,
             QObject *context, Core::Done<QByteArray> done);

private:
    Http::Transport &m_transport;
    const Core::Clock &m_clock;
    Endpoint m_endpoint;
};

} // namespace Storage
