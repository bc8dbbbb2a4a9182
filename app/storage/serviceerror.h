#pragma once

#include "core/error.h"
#include "http/message.h"

#include <QString>

namespace Storage {

/// What the service says of a refusal: code (x-ms-error-code, else <Code> of the XML, else error.code of the JSON), first line of the
/// message, and the detail behind it (AuthenticationErrorDetail and the like). All empty for a web page or an empty answer.
struct ServiceError {
    QString code;
    QString message;
    QString detail;
};
ServiceError serviceError(const Http::Response &response);

/// The same as an Error; kind by status and code.
Core::Error blobError(const Http::Response &response);

/// Whether a 403 comes from the account's network rules: AuthorizationFailure in the form of an answer that was given before
/// authorization, without x-ms-version and not from the blob service itself (seen in reported answers).
bool isNetworkRefusal(const Http::Response &response);

/// Whether an answer comes from a storage service at all, and not from a proxy or a sign-in page in its place.
bool isFromStorage(const Http::Response &response);

} // namespace Storage
