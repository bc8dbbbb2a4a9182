#include "storage/serviceerror.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <pugixml.hpp>

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

QString firstLine(const QString &text)
{
    return text.section(u'\n', 0, 0).trimmed().left(500);
}

void readXml(const QByteArray &body, ServiceError &error)
{
    pugi::xml_document document;
    // Without the DOCTYPE option pugixml skips one; entities it does not know stay as they are.
    if (!document.load_buffer(body.constData(), static_cast<size_t>(body.size()), pugi::parse_default, pugi::encoding_utf8))
        return;
    const pugi::xml_node root = document.child("Error");
    if (error.code.isEmpty())
        error.code = QString::fromUtf8(root.child_value("Code"));
    error.message = firstLine(QString::fromUtf8(root.child_value("Message")));
    for (const char *name : {"AuthenticationErrorDetail", "Reason", "HeaderName", "QueryParameterName"}) {
        if (const QString text = QString::fromUtf8(root.child_value(name)); !text.isEmpty()) {
            error.detail = firstLine(text);
            break;
        }
    }
}

void readJson(const QByteArray &body, ServiceError &error)
{
    const QJsonObject inner = QJsonDocument::fromJson(body).object()[u"error"].toObject();
    if (error.code.isEmpty())
        error.code = inner[u"code"].toString();
    error.message = firstLine(inner[u"message"].toString());
}

} // namespace

ServiceError serviceError(const Http::Response &response)
{
    ServiceError error;
    error.code = QString::fromLatin1(response.header("x-ms-error-code"));
    QByteArray body = response.body.left(64 * 1024);
    if (body.startsWith("\xEF\xBB\xBF"))
        body.remove(0, 3);
    const QByteArray start = body.left(200).trimmed();
    if (start.startsWith('{'))
        readJson(body, error);
    else if (start.startsWith("<?xml") || start.startsWith("<Error"))
        readXml(body, error);
    return error;
}

Error blobError(const Http::Response &response)
{
    const ServiceError service = serviceError(response);
    Error error{.kind = Error::Kind::BadResponse,
                .message = service.message,
                .code = service.code,
                .requestId = QString::fromLatin1(response.requestId()),
                .status = response.status};
    switch (response.status) {
    case 400: error.kind = service.code == u"InvalidAuthenticationInfo" ? Error::Kind::Unauthenticated : Error::Kind::InvalidInput; break;
    case 401: error.kind = Error::Kind::Unauthenticated; break;
    case 403: error.kind = service.code == u"AuthenticationFailed" ? Error::Kind::Unauthenticated : Error::Kind::Forbidden; break;
    case 404: error.kind = Error::Kind::NotFound; break;
    case 409:
    case 412: error.kind = Error::Kind::Conflict; break;
    case 429:
    case 500:
    case 503: error.kind = Error::Kind::Throttled; break;
    default: break;
    }
    if (!service.detail.isEmpty())
        error.message += u' ' + service.detail;
    if (error.message.isEmpty())
        error.message = u"%1 answered with HTTP %2."_s.arg(response.url.host()).arg(response.status);
    if (service.code.isEmpty() && !isFromStorage(response)) {
        error.kind = Error::Kind::BadResponse;
        error.message = u"%1 answered with HTTP %2, but not as a storage service does."_s.arg(response.url.host()).arg(response.status);
        error.nextStep = u"Check the account's URL, and whether a proxy or a sign-in page of your network stands in between."_s;
    }
    return error;
}

bool isFromStorage(const Http::Response &response)
{
    return !response.header("x-ms-request-id").isEmpty() || !response.header("x-ms-error-code").isEmpty()
        || response.header("Server").contains("Windows-Azure-");
}

} // namespace Storage
