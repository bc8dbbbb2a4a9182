#pragma once

#include "azure/scope.h"
#include "sandbox/message.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <variant>

namespace Sandbox {

/// Who asks Resource Manager, by what the token says.
struct ArmCaller
{
    QString objectId;
    QString clientId;
    QString tenant;
    QString userName; ///< of a person: the user principal name
    QDateTime now;
};

struct ArmFailure
{
    int status = 404;
    QString code;
    QString message;
};

/// What a request finds or makes.
struct ArmDocument
{
    // What is found is mostly a document and nothing else, hence no explicit.
    ArmDocument(QJsonObject document, int httpStatus = 200)
        : body(std::move(document))
        , status(httpStatus)
    {
    }

    QJsonObject body;
    int status;       ///< 202 and 204: without body
    QString location; ///< path of what to ask until it is over; empty for none
};

using ArmFound = std::variant<ArmDocument, ArmFailure>;

Answer armAnswer(int status, const QJsonObject &body, const QDateTime &now);
Answer armFailureAnswer(const ArmFailure &failure, const QDateTime &now);
/// 401 with its challenge.
Answer armUnauthorized(const QString &code, const QString &message, const QByteArray &description,
                       const QDateTime &now);
/// AuthorizationFailed.
ArmFailure armForbidden(const ArmCaller &caller, const QString &action, const Azure::Scope &scope);
/// The answer to a path of which \a scope is no resource ID.
ArmFailure armInvalidScope(const QString &scope);
ArmDocument armList(const QJsonArray &values);

} // namespace Sandbox
