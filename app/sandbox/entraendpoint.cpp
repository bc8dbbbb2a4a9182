#include "sandbox/entraendpoint.h"

#include "sandbox/entraerror.h"
#include "sandbox/entrametadata.h"
#include "sandbox/tokenendpoint.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

EntraEndpoint::EntraEndpoint(const Scenario &scenario, const Directory &directory,
                             const TokenIssuer &issuer, Endpoints endpoints)
    : m_metadata(std::make_unique<EntraMetadata>(scenario, issuer, endpoints))
    , m_tokens(std::make_unique<TokenEndpoint>(scenario, directory, issuer, endpoints))
{
}

EntraEndpoint::~EntraEndpoint() = default;

Answer EntraEndpoint::answer(const Incoming &request, const QDateTime &now)
{
    if (const auto document = m_metadata->answer(request, now))
        return *document;
    const QStringList path = request.segments();
    const QString rest = path.mid(1).join(u'/');
    if (rest == u"oauth2/v2.0/token" || rest == u"oauth2/token") {
        if (request.verb != "POST")
            return entraRefusal(
                {900561, "invalid_request",
                 u"The endpoint only accepts POST requests. Received a %1 request."_s.arg(
                     QString::fromLatin1(request.verb))},
                request.header("client-request-id"), now);
        return m_tokens->answer(
            TokenRequest::read(request, path.value(0), rest == u"oauth2/v2.0/token"), now);
    }
    return {.status = 404, .headers = {{"Date", httpDate(now)}}};
}

} // namespace Sandbox
