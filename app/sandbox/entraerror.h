#pragma once

#include "sandbox/message.h"

#include <QDateTime>

namespace Sandbox {

/// The token endpoint's refusal: AADSTS number, OAuth error, and the identifiers that a person
/// reports to Microsoft.
struct EntraError
{
    int number = 0;
    const char *error = "invalid_request";
    QString text;
    int status = 400;
};

/// Of a tenant that the scenario does not have.
EntraError badTenant(const QString &tenant);
EntraError missingParameter(const QString &name);

/// The answer in the form that Entra ID has used since 2024 (parts of the description are separated
/// by blanks). \a correlationId is the request's client-request-id; a new one where it is empty.
Answer entraRefusal(const EntraError &error, const QByteArray &correlationId, const QDateTime &now);

/// \a body with the headers that every answer of Entra ID carries.
Answer entraAnswer(int status, const QJsonObject &body, bool mayBeCached, const QDateTime &now);

} // namespace Sandbox
