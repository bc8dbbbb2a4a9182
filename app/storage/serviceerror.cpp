#include "storage/serviceerror.h"

#include "core/visibletext.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringDecoder>
#include <pugixml.hpp>
#include <string_view>

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

// One line of what a service says, to be shown: without what steers a terminal or reorders text.
QString firstLine(const QString &text)
{
    return Core::oneLine(text.trimmed().section(u'\n', 0, 0).left(500));
}

// A code is a word. What is none is not taken for one.
QString codeFrom(const QString &text)
{
    static const QRegularExpression word(u"\\A[A-Za-z][A-Za-z0-9_.-]{1,99}\\z"_s);
    const QString trimmed = text.trimmed();
    return word.match(trimmed).hasMatch() ? trimmed : QString();
}

// As UTF-8 without a mark: some gateways write UTF-16 again, and the service itself puts a mark in front.
QByteArray asUtf8(const QByteArray &body)
{
    if (body.startsWith("\xFF\xFE") || body.startsWith("\xFE\xFF")) {
        QStringDecoder decode(QStringDecoder::Utf16);
        const QString text = decode(body);
        return text.toUtf8();
    }
    return body.startsWith("\xEF\xBB\xBF") ? body.mid(3) : body;
}

std::string_view localName(const pugi::xml_node &node)
{
    const std::string_view name = node.name();
    const size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// By local names: a gateway may have added a namespace.
pugi::xml_node childNamed(const pugi::xml_node &parent, std::string_view name)
{
    for (const pugi::xml_node &child : parent.children()) {
        if (localName(child) == name)
            return child;
    }
    return {};
}

void readXml(const QByteArray &body, ServiceError &error)
{
    pugi::xml_document document;
    // Without the DOCTYPE option pugixml skips one; entities it does not know stay as they are.
    const bool whole = document.load_buffer(body.constData(), static_cast<size_t>(body.size()), pugi::parse_default, pugi::encoding_utf8);
    const pugi::xml_node root = childNamed(document, "Error");
    const auto text = [&root](const char *name) { return QString::fromUtf8(childNamed(root, name).child_value()); };
    // Of an answer that was cut off, an element counts only when another one began after it.
    const pugi::xml_node code = childNamed(root, "Code");
    if (error.code.isEmpty() && (whole || code.next_sibling()))
        error.code = codeFrom(text("Code"));
    if (!whole)
        return;
    error.message = firstLine(text("Message"));
    for (const char *name : {"AuthenticationErrorDetail", "Reason", "HeaderName", "QueryParameterName"}) {
        if (const QString detail = text(name); !detail.isEmpty()) {
            error.detail = firstLine(detail);
            break;
        }
    }
}

void readJson(const QByteArray &body, ServiceError &error)
{
    const QJsonObject inner = QJsonDocument::fromJson(body).object()[u"error"].toObject();
    if (error.code.isEmpty())
        error.code = codeFrom(inner[u"code"].toString());
    error.message = firstLine(inner[u"message"].toString());
}

} // namespace

ServiceError serviceError(const Http::Response &response)
{
    ServiceError error;
    error.code = codeFrom(QString::fromLatin1(response.header("x-ms-error-code")));
    const QByteArray body = asUtf8(response.body.left(64 * 1024));
    static const QRegularExpression root(u"\\A(<\\?xml[^>]*>\\s*)?(<!DOCTYPE[^>]*>\\s*)?<([A-Za-z0-9_.-]+:)?Error[\\s>/]"_s);
    const QByteArray start = body.left(1000).trimmed();
    if (start.startsWith('{'))
        readJson(body, error);
    else if (root.match(QString::fromLatin1(start)).hasMatch())
        readXml(body, error);
    return error;
}

bool isNetworkRefusal(const Http::Response &response)
{
    return response.status == 403 && serviceError(response).code == u"AuthorizationFailure"
        && response.header("x-ms-version").isEmpty() && !response.header("Server").contains("Windows-Azure-Blob");
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
    case 502:
    case 503:
    case 504: error.kind = Error::Kind::Throttled; break;
    default: break;
    }
    if (!service.detail.isEmpty())
        error.message += u' ' + service.detail;
    if (error.message.isEmpty())
        error.message = u"%1 answered with HTTP %2."_s.arg(response.url.host()).arg(response.status);
    if (isNetworkRefusal(response)) {
        error.message += u" It came before any role was asked: the account's network rules, or its disabled public access, refuse this machine."_s;
        error.nextStep = u"Add this machine's public address to the account's network rules, or reach the account through its private endpoint."_s;
    }
    if (!isFromStorage(response)) {
        error.kind = response.status == 429 || response.status >= 500 ? Error::Kind::Throttled : Error::Kind::BadResponse;
        error.message = u"%1 answered with HTTP %2, but not as a storage service does."_s.arg(response.url.host()).arg(response.status);
        error.nextStep = u"Check the account's URL, and whether a proxy or a sign-in page of your network stands in between."_s;
    }
    return error;
}

// The service ends its message with two lines of its own, which stay where a gateway dropped its headers.
static bool namesItsRequest(const QByteArray &body)
{
    const QByteArray text = asUtf8(body.left(64 * 1024));
    return text.contains("Error") && text.contains("RequestId:") && text.contains("Time:");
}

bool isFromStorage(const Http::Response &response)
{
    return !response.header("x-ms-request-id").isEmpty() || !response.header("x-ms-error-code").isEmpty()
        || response.header("Server").contains("Windows-Azure-") || namesItsRequest(response.body);
}

} // namespace Storage
