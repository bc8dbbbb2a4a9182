#include "http/networkerror.h"

#include <QSslCertificate>

namespace Http {

using namespace Qt::StringLiterals;
using Core::Error;

QString tlsProblem(const QList<QSslError> &errors, const QString &host)
{
    for (const QSslError &error : errors) {
        switch (error.error()) {
        case QSslError::HostNameMismatch:
            return u"The certificate that %1 shows belongs to another host."_s.arg(host);
        case QSslError::CertificateExpired:
            return u"The certificate of %1 has expired (%2)."_s.arg(
                host, error.certificate().expiryDate().toUTC().toString(Qt::ISODate));
        case QSslError::CertificateNotYetValid:
            return u"The certificate of %1 is not valid yet."_s.arg(host);
        case QSslError::CertificateRevoked: return u"The certificate of %1 has been revoked."_s.arg(host);
        default: break;
        }
    }
    return u"The certificate of %1 is signed by nobody this machine trusts."_s.arg(host);
}

Error networkError(QNetworkReply::NetworkError error, const QString &qtMessage, const QString &host,
                   const QString &tls, int status)
{
    const auto network = [&](const QString &code, const QString &message, const QString &nextStep) {
        return Error{.kind = Error::Kind::Network, .message = message, .code = code, .nextStep = nextStep, .status = status};
    };
    if (error == QNetworkReply::SslHandshakeFailedError || !tls.isEmpty())
        return {.kind = Error::Kind::Tls,
                .message = tls.isEmpty() ? u"No secure connection to %1 could be made."_s.arg(host) : tls,
                .code = u"TlsFailed"_s,
                .nextStep = u"Check that this is the right host. For a private authority, name its certificate as "
                            "\"caCertificates\" in the cloud file; errors of TLS cannot be ignored."_s};
    switch (error) {
    case QNetworkReply::HostNotFoundError:
        return network(u"HostNotFound"_s, u"There is no host “%1”."_s.arg(host),
                       u"Check the spelling; for a storage account, check that its name and the cloud are right."_s);
    case QNetworkReply::ConnectionRefusedError:
        return network(u"ConnectionRefused"_s, u"%1 refuses the connection."_s.arg(host),
                       u"Check the port, and whether the service runs."_s);
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // Qt would have sent it again; see OnceBody
        return status > 0 ? Error{.kind = Error::Kind::BadResponse,
                                  .message = u"The answer of %1 was cut off."_s.arg(host),
                                  .code = u"CutOff"_s,
                                  .nextStep = u"Try again; if it happens again, look at the network in between."_s,
                                  .status = status}
                          : network(u"ConnectionLost"_s, u"%1 closed the connection without an answer."_s.arg(host),
                                    u"Try again."_s);
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
        return network(u"TemporaryFailure"_s, u"The network is not to be had now."_s, u"Try again."_s);
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return network(u"ProxyAuthenticationRequired"_s, u"The proxy on the way to %1 wants to be signed in to."_s.arg(host),
                       u"Set up the proxy's credentials for this machine, or a way around it."_s);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
        return network(u"ProxyFailed"_s, u"The proxy on the way to %1 does not answer."_s.arg(host),
                       u"Check the proxy settings (https_proxy, no_proxy)."_s);
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
        return {.kind = Error::Kind::BadResponse,
                .message = u"%1 does not speak HTTP as expected."_s.arg(host),
                .code = u"ProtocolFailure"_s,
                .status = status};
    case QNetworkReply::UnknownNetworkError:
        // What glibc says when no name server answers; Qt has no code for it.
        if (qtMessage.contains(u"name resolution"_s))
            return network(u"NameNotResolved"_s, u"The name “%1” could not be looked up: no name server answers."_s.arg(host),
                           u"Check this machine's network and name servers, and the spelling."_s);
        if (qtMessage.startsWith(u"Proxy"))
            return networkError(QNetworkReply::ProxyConnectionRefusedError, qtMessage, host, tls, status);
        [[fallthrough]];
    default:
        if (status > 0)
            return {.kind = Error::Kind::BadResponse,
                    .message = u"The answer of %1 was cut off."_s.arg(host),
                    .code = u"CutOff"_s,
                    .status = status};
        return network(u"NetworkError%1"_s.arg(static_cast<int>(error)),
                       u"%1 could not be reached (%2)."_s.arg(host, qtMessage.left(200)), u"Try again."_s);
    }
}

} // namespace Http
