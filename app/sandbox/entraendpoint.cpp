#include "sandbox/entraendpoint.h"

#include "sandbox/entraerror.h"
#include "sandbox/entrametadata.h"
#include "sandbox/signinpages.h"
#include "sandbox/tokenendpoint.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

EntraEndpoint::EntraEndpoint(const Scenario &scenario, const Directory &directory,
                             const TokenIssuer &issuer, Endpoints endpoints)
    : m_metadata(std::make_unique<EntraMetadata>(scenario, issuer, endpoints))
    , m_grants(std::make_unique<GrantStore>())
    , m_pages(std::make_unique<SignInPages>(scenario, directory, *m_grants, endpoints))
    , m_tokens(std::make_unique<TokenEndpoint>(scenario, directory, issuer, *m_grants, endpoints))
{
}

EntraEndpoint::~EntraEndpoint() = default;

Answer EntraEndpoint::answer(const Incoming &request, const QDateTime &now)
{
    if (const auto document = m_metadata->answer(request, now))
        return *document;
    if (const auto page = m_pages->answer(request, now))
        return *page;
    const QStringList path = request.segments();
    const QString rest = path.mid(1).join(u'/');
    const bool v2 = rest.startsWith(u"oauth2/v2.0/");
    const QString what = v2 ? rest.mid(12) : rest.startsWith(u"oauth2/") ? rest.mid(7) : QString();
    if (what == u"token" || what == u"devicecode") {
        if (request.verb != "POST")
            return entraRefusal(
                {900561, "invalid_request",
                 u"The endpoint only accepts POST requests. Received a %1 request."_s.arg(
                     QString::fromLatin1(request.verb))},
                request.header("client-request-id"), now);
        const TokenRequest asked = TokenRequest::read(request, path[0], v2);
        return what == u"token" ? m_tokens->answer(asked, now) : m_tokens->deviceCode(asked, now);
    }
    return {.status = 404, .headers = {{"Date", httpDate(now)}}};
}

} // namespace Sandbox
