#include "sandbox/bloberror.h"

#include <QRandomGenerator>

namespace Sandbox {

using namespace Qt::StringLiterals;

const QByteArray byteOrderMark = "\xef\xbb\xbf";

namespace {

/// In the form of the storage service's: the last six digits are always zero.
QByteArray newRequestId()
{
    const auto hex = [](quint32 value, int digits) {
        return QByteArray::number(value, 16).rightJustified(digits, '0');
    };
    auto *random = QRandomGenerator::global();
    return hex(random->generate(), 8) + '-' + hex(random->bounded(16U) << 12 | 0x01e, 4) + "-00" +
           hex(random->bounded(256U), 2) + '-' + hex(random->bounded(65536U), 4) + '-' +
           hex(random->bounded(1U << 24), 6) + "000000";
}

QByteArray escaped(const QByteArray &text)
{
    return QString::fromUtf8(text).toHtmlEscaped().toUtf8();
}

} // namespace

void addServiceHeaders(Answer &answer, BlobLayer layer, const Incoming &request,
                       const QDateTime &now)
{
    answer.set("Server", layer == BlobLayer::Gateway
                             ? "Microsoft-HTTPAPI/2.0"
                             : "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
    if (answer.header("x-ms-request-id").isEmpty())
        answer.set("x-ms-request-id", newRequestId());
    answer.set("Date", httpDate(now));
    if (layer == BlobLayer::Gateway)
        return;
    const QByteArray version = request.header("x-ms-version");
    const QByteArray clientRequestId = request.header("x-ms-client-request-id");
    if (!version.isEmpty())
        answer.set("x-ms-version", version);
    if (!clientRequestId.isEmpty() && clientRequestId.size() <= 1024)
        answer.set("x-ms-client-request-id", clientRequestId);
}

Answer blobRefusal(const BlobError &error, const Incoming &request, const QDateTime &now)
{
    Answer answer{.status = error.status, .reason = error.message};
    answer.set("x-ms-request-id", newRequestId());
    addServiceHeaders(answer, error.layer, request, now);
    if (error.codeHeader)
        answer.set("x-ms-error-code", error.code);
    else
        answer.remove("x-ms-version");
    if (!error.challenge.isEmpty())
        answer.set("WWW-Authenticate", error.challenge);
    if (request.verb == "HEAD") {
        answer.set("Content-Length", "0");
        return answer;
    }
    const QByteArray time = now.toUTC().toString(u"yyyy-MM-ddThh:mm:ss.zzz"_s).toLatin1() + "0000Z";
    answer.set("Content-Type", "application/xml");
    answer.body = byteOrderMark + "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" +
                  error.code + "</Code><Message>" + escaped(error.message) +
                  "\nRequestId:" + answer.header("x-ms-request-id") + "\nTime:" + time +
                  "</Message>" +
                  (error.detail.isEmpty() ? QByteArray()
                                          : "<AuthenticationErrorDetail>" + escaped(error.detail) +
                                                "</AuthenticationErrorDetail>") +
                  "</Error>";
    return answer;
}

BlobError containerNotFound()
{
    return {404, "ContainerNotFound", "The specified container does not exist."};
}

BlobError blobNotFound()
{
    return {404, "BlobNotFound", "The specified blob does not exist."};
}

BlobError conditionNotMet()
{
    return {412, "ConditionNotMet",
            "The condition specified using HTTP conditional header(s) is not met."};
}

BlobError permissionMismatch()
{
    return {403, "AuthorizationPermissionMismatch",
            "This request is not authorized to perform this operation using this permission."};
}

} // namespace Sandbox
