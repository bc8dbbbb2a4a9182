#include "sandbox/tokenrequest.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

TokenRequest TokenRequest::read(const Incoming &request, const QString &tenant, bool v2)
{
    const QUrlQuery fields = formFields(request.body);
    TokenRequest read{.v2 = v2,
                      .tenant = tenant,
                      .correlationId = request.header("client-request-id"),
                      .grantType = field(fields, u"grant_type"_s),
                      .clientId = field(fields, u"client_id"_s),
                      .clientSecret = field(fields, u"client_secret"_s),
                      .hasSecret = fields.hasQueryItem(u"client_secret"_s),
                      .assertion = field(fields, u"client_assertion"_s),
                      .hasAssertion = fields.hasQueryItem(u"client_assertion"_s),
                      .scope = field(fields, u"scope"_s),
                      .resource = field(fields, u"resource"_s),
                      .fields = fields};
    const QByteArray authorization = request.header("Authorization");
    if (authorization.startsWith("Basic ")) {
        const QByteArray pair = QByteArray::fromBase64(authorization.mid(6));
        const qsizetype colon = pair.indexOf(':');
        read.clientId = QString::fromUtf8(
            QByteArray::fromPercentEncoding(pair.first(std::max<qsizetype>(colon, 0))));
        read.clientSecret = QString::fromUtf8(QByteArray::fromPercentEncoding(pair.mid(colon + 1)));
        read.hasSecret = colon > 0;
    }
    return read;
}

} // namespace Sandbox
