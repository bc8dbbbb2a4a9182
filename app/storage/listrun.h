#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "storage/bloblisting.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <memory>

namespace Storage {

/// The root of an account's blob service and who may be at the other end.
struct Endpoint {
    QUrl account; ///< e.g. https://acct.blob.core.windows.net, as Azure::parseAccountUrl() yields it
    Http::Trust trust;
};

struct ListOptions {
    QString prefix;
    QString delimiter;    ///< usually "/"; empty lists flat
    int pageSize = 5000;  ///< maxresults, 1…5000
    QStringList include;  ///< "metadata", "snapshots", "versions", "tags", "deleted", "uncommittedblobs", …
    qint64 limit = -1;    ///< stop after that many rows; -1 means all
};

/// Lists blobs or containers page by page. Pages are parsed on a worker thread while they arrive; each is handed over as one
/// batch on the run's thread. A NextMarker that repeats is an error (BadResponse), as is a page, or a row of empty ones, without an end;
/// of a page that breaks off nothing is handed over.
/// Deleting the run cancels it.
class ListRun final : public QObject
{
    Q_OBJECT
public:
    /// Lists containers, or the blobs of \a container where it is not empty.
    ListRun(Http::Transport &transport, const Core::Clock &clock, Endpoint endpoint, Identity::AccessToken token,
            QString container, ListOptions options, QObject *parent = nullptr);
    ~ListRun() override;

    void start();
    void cancel();      ///< at once; finished(false) follows
    qint64 rows() const; ///< so far

signals:
    void batch(std::shared_ptr<const Storage::BlobListing> rows);
    /// \a complete is false when cancelled, or stopped by ListOptions::limit with more to come.
    void finished(bool complete);
    void failed(const Core::Error &error);

private:
    struct Page;
    void askPage(const QString &marker);
    void received(const std::shared_ptr<Page> &page, QByteArrayView piece);
    void answered(const Core::Result<Http::Response> &response);
    void parsed(std::shared_ptr<Page> page);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Storage
