#pragma once

#include <QString>

namespace Core {

/// Why something could not be done. Code branches on \c kind and \c code, never on \c message.
struct Error {
    enum class Kind {
        InvalidInput,    ///< the user or a file gave something that cannot be meant
        NotFound,        ///< what was asked for does not exist
        Conflict,        ///< it exists already, or somebody else changed it
        Unauthenticated, ///< Entra ID or a service refused the credential
        Forbidden,       ///< signed in, but not allowed
        Throttled,       ///< asked too often (429, 503)
        Network,         ///< no answer came: name, connection, proxy
        Tls,             ///< the other end could not prove who it is
        Timeout,         ///< no answer within the deadline
        Cancelled,       ///< the user cancelled
        BadResponse,     ///< an answer came that cannot be understood
        KeychainLocked,  ///< the OS keychain is there, but locked
        KeychainAbsent,  ///< no keychain service answers
        KeychainDenied,  ///< the keychain's own prompt was dismissed, or it refused
        File,            ///< reading or writing a file failed
        Unsupported,     ///< cannot be expressed, e.g. a value in an env-file format
    };

    Kind kind = Kind::BadResponse;
    QString message;   ///< the cause, one sentence, no secret in it
    QString code;      ///< e.g. "AADSTS7000215", "AuthorizationPermissionMismatch", "invalid_client"; may be empty
    QString nextStep;  ///< what the user can do now; may be empty
    QString requestId; ///< the service's request or trace ID; may be empty
    int status = 0;    ///< HTTP status where an answer came, else 0

    bool operator==(const Error &) const = default;
};

/// The kind as it stands in JSON output, e.g. "keychainLocked".
QString kindName(Error::Kind kind);

/// "message (code) — nextStep", for a terminal or a log line.
QString describe(const Error &error);

} // namespace Core
