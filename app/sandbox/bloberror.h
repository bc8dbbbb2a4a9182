#pragma once

#include "sandbox/message.h"

#include <QDateTime>

namespace Sandbox {

/// Which part of the Blob service answers; it shows in the Server header and in what else is said.
enum class BlobLayer {
    Gateway, ///< refuses before authorization: "Microsoft-HTTPAPI/2.0", no x-ms-version
    Service, ///< "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", with x-ms-version
};

struct BlobError
{
    int status = 403;
    QByteArray code;
    QByteArray message; ///< also the reason phrase
    QByteArray detail;  ///< AuthenticationErrorDetail, where Azure gives one
    BlobLayer layer = BlobLayer::Service;
    QByteArray challenge;   ///< WWW-Authenticate
    bool codeHeader = true; ///< whether x-ms-error-code is sent
};

/// XML with byte order mark, as the Blob service answers; none for HEAD.
Answer blobRefusal(const BlobError &error, const Incoming &request, const QDateTime &now);

/// The headers of every answer by \a layer: Server, x-ms-request-id, Date, and for the service
/// x-ms-version and x-ms-client-request-id as they were asked with.
void addServiceHeaders(Answer &answer, BlobLayer layer, const Incoming &request,
                       const QDateTime &now);

/// Errors by the name of their code; each with Azure's status and wording.
BlobError containerNotFound();
BlobError blobNotFound();
BlobError conditionNotMet();
BlobError permissionMismatch();

extern const QByteArray byteOrderMark;

} // namespace Sandbox
