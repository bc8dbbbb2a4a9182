#pragma once

#include "access/roleevaluator.h"
#include "http/message.h"

#include <QString>
#include <optional>

namespace Access {

/// One operation of the Blob service and the permissions it needs (Azure Storage REST reference, "Authorize with Microsoft
/// Entra ID", table "Permissions for Blob service operations").
struct BlobOperation {
    QString name; ///< e.g. "List Blobs"
    Requirement anyOf;
    enum class Place { Account, Container, Blob } place = Place::Blob;
};

/// Which operation a request to an account's blob endpoint is, from verb, path, query and headers, as the service would see
/// it. \a path is relative to the account's root ("/container/blob"). Nothing when no operation is known.
std::optional<BlobOperation> operationOf(const QByteArray &verb, const QString &path, const QString &query,
                                         const Http::Headers &headers);

} // namespace Access
