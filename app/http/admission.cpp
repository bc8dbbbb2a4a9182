#include "http/admission.h"

#include <QHostAddress>

namespace Http {

using namespace Qt::StringLiterals;
using Core::Error;

bool isLoopback(const QString &host)
{
    if (host.compare(u"localhost", Qt::CaseInsensitive) == 0)
        return true;
    QHostAddress address;
    return address.setAddress(host) && address.isLoopback();
}

Core::Result<void> admit(const QUrl &url, const Trust &trust)
{
    const QString shown = url.host().left(253);
    if (!url.isValid() || url.host().isEmpty())
        return Error{.kind = Error::Kind::InvalidInput, .message = u"This is no URL that can be asked."_s};
    if (!url.userInfo().isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The URL of %1 carries a user name, so it is not asked."_s.arg(shown),
                     .nextStep = u"Remove everything before “@” from the URL."_s};
    if (url.scheme() == u"https")
        return {};
    if (url.scheme() == u"http" && trust.plainLoopback && isLoopback(url.host()))
        return {};
    return Error{.kind = Error::Kind::InvalidInput,
                 .message = u"%1 would be asked without TLS (%2://), so it is not asked."_s.arg(shown, url.scheme()),
                 .code = u"InsecureUrl"_s,
                 .nextStep = u"Use https://. Plain http is possible only to this machine, and only where the cloud file "
                             "says \"allowPlainLoopback\": true."_s};
}

Core::Result<QUrl> redirectTarget(const Request &request, const QUrl &asked, const QByteArray &location)
{
    const QUrl target = asked.resolved(QUrl::fromEncoded(location));
    const bool sameOrigin = target.isValid() && target.scheme() == asked.scheme() && target.host() == asked.host()
        && target.port(443) == asked.port(443) && target.userInfo().isEmpty();
    const bool safe = request.verb == "GET" || request.verb == "HEAD";
    if (sameOrigin && safe)
        return target;
    return Error{.kind = Error::Kind::BadResponse,
                 .message = u"%1 redirects to %2, which was not followed."_s.arg(
                     asked.host(), target.host().isEmpty() ? u"somewhere unreadable"_s : target.host().left(253)),
                 .code = u"RedirectRefused"_s,
                 .nextStep = u"Check the URL, and whether a proxy or a sign-in page of your network stands in between."_s};
}

} // namespace Http
