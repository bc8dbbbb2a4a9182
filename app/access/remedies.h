#pragma once

#include "core/error.h"
#include "http/message.h"

#include <QJsonObject>
#include <QString>
#include <optional>

namespace Access {

/// Something that is not as it should be: what, why, and what to do.
struct Finding {
    QString id;       ///< stable: "missing-role", "firewall", "wrong-tenant", "token-expired", "unknown-container", …
    QString cause;
    QString nextStep;
    QString command;  ///< a ready command line, or empty
    QString confidence; ///< in the cause: "certain", "likely", "possible"; may be empty
    bool operator==(const Finding &) const = default;
};

/// An error code explained, as `explain` prints it.
struct Remedy {
    QString code;     ///< e.g. "AADSTS7000222"
    QString service;  ///< "entra", "storage", "arm", "oauth", …
    QString meaning;
    QString cause;
    QString nextStep;
    bool transient = false; ///< asking again later may help
};
QJsonObject toJson(const Remedy &remedy);

/// From resources/remedies.json: every code of the Entra ID and storage tables, ARM's and the OAuth errors.
/// Accepts "AADSTS7000215", "7000215", any case. Nothing for an unknown code.
std::optional<Remedy> remedyFor(const QString &code);

/// Reads an answer of any of the services (token endpoint, ARM, Graph, blob, dfs) and explains it. Where status, form and
/// headers say more than the code (a firewall's 403 has no x-ms-version and another Server), they decide.
Remedy explainResponse(int status, const Http::Headers &headers, const QByteArray &body);

/// The remedy for \a error: by its code, sharpened by what its message says (which check a token failed), else by its status.
/// Nothing for an error that is no service's answer.
std::optional<Remedy> remedyFor(const Core::Error &error);

/// \a error with nextStep (and a clearer message where there is one) filled from the remedies.
Core::Error withRemedy(Core::Error error);

} // namespace Access
