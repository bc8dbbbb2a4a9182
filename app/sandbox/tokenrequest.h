#pragma once

#include "sandbox/message.h"

namespace Sandbox {

/// The form that is posted to a token or device code endpoint.
struct TokenRequest
{
    bool v2 = true;
    QString tenant; ///< as the path names it
    QByteArray correlationId;
    QString grantType;
    QString clientId;
    QString clientSecret;
    bool hasSecret = false;
    QString assertion; ///< client_assertion
    bool hasAssertion = false;
    QString scope;
    QString resource;
    QUrlQuery fields;

    static TokenRequest read(const Incoming &request, const QString &tenant, bool v2);
    QString value(const QString &name) const { return field(fields, name); }
};

} // namespace Sandbox
