#pragma once

#include "access/bloboperation.h"
#include "sandbox/bloberror.h"
#include "sandbox/bloboperationform.h"

#include <QMap>
#include <optional>
#include <variant>

namespace Sandbox {

/// What a request is about, within an account.
struct BlobPlace
{
    QString container; ///< "$root" for a blob directly below the account; empty for the account
    QString blob;      ///< empty for a container

    bool operator==(const BlobPlace &) const = default;
};

/// The blob of the sandbox that a request copies from.
struct CopySource
{
    QString account;
    BlobPlace place;
    QString snapshot;      ///< empty for the current blob
    bool withTags = false; ///< whether its tags are copied too
};

/// A request to an account's blobs, as far as it is understood. The role assignments are asked
/// about this value, and Azurite gets only what it says; nothing of the original request passes by.
struct BlobRequest
{
    Access::BlobOperation operation;
    const BlobOperationForm *form = nullptr; ///< null where \c fault is set, or with it
    QByteArray verb;
    BlobPlace place;
    QMap<QString, QString> query; ///< decoded; only what the operation takes
    Http::Headers headers;        ///< only what the operation takes, each once
    QByteArray body;
    QMap<QString, QString> tags; ///< that the request sets, by header or body
    bool copies = false;
    std::optional<CopySource> source; ///< nothing where the source of a copy is not in the sandbox
    /// Why the request cannot be carried out, although it is clear which operation is meant. Said
    /// to those who may carry it out.
    std::optional<BlobError> fault;

    QByteArray header(QByteArrayView name) const { return Http::header(headers, name); }
    /// A null string where \a key is absent.
    QString value(const QString &key) const { return query.value(key); }
};

/// Reads \a request. \a endpoints are the accounts' origins by their names. The error says that it
/// is not clear what is asked: a URI or query that can be read in two ways, an unknown operation, a
/// header that would change the verb or comes twice.
std::variant<BlobError, BlobRequest> readBlobRequest(const Incoming &request,
                                                     const QMap<QString, QString> &endpoints);

/// The container and blob that \a rawPath (percent-encoded) names, slashes being slashes however
/// they are encoded, and backslashes slashes as for the service. Nothing for what is no path: dot
/// segments, control characters, bytes outside ASCII, wrong percent-encoding, an empty container.
/// \a isContainer says whether a single segment is a container or a blob of $root.
std::optional<BlobPlace> placeOf(const QByteArray &rawPath, bool isContainer);

/// \a place below its account, percent-encoded so that it can be read in one way only.
QByteArray encodedPath(const BlobPlace &place);

/// Whether the query of \a request has a signature (SAS).
bool hasSignature(const Incoming &request);

/// A request to read \a source, or with \a tags its tags.
BlobRequest readingOf(const CopySource &source, bool tags);

/// \a request as Azurite gets it, its path beginning with \a account. \a origin is Azurite's own,
/// e.g. "https://127.0.0.1:31000". To be called where \c fault is not set.
Incoming serialisedForAzurite(const BlobRequest &request, const QString &account,
                              const QString &origin);

} // namespace Sandbox
