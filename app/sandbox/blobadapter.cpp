#include "sandbox/blobadapter.h"

#include "sandbox/tokenissuer.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

QByteArray between(const QByteArray &text, QByteArrayView before, QByteArrayView after)
{
    const qsizetype start = text.indexOf(before);
    const qsizetype end = start < 0 ? -1 : text.indexOf(after, start + before.size());
    return end < 0 ? QByteArray() : text.mid(start + before.size(), end - start - before.size());
}

QByteArray unescaped(QByteArray text)
{
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    return text;
}

const QByteArray s_declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
const QByteArray s_azuriteDeclaration =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

BlobError notImplemented()
{
    return {501, "NotImplemented",
            "The requested operation is not implemented on the specified resource."};
}

/// Azurite has no such operation, or not for bearer tokens. Whether the container or blob is there
/// decides the answer, so that is what Azurite is asked.
bool isAskedByHead(const BlobRequest &request)
{
    return request.form->way == BlobOperationForm::Way::Head;
}

/// Versions and what was soft-deleted; Azurite keeps neither and would take the current blob.
bool isMissing(const BlobRequest &request)
{
    return request.form->way == BlobOperationForm::Way::ContainerHead ||
           request.query.contains(u"versionid"_s);
}

BlobError permanentDeleteOff()
{
    return {409, "PermanentDeleteIsOff", "Permanent delete is off on the storage account."};
}

QDateTime timeIn(const QByteArray &xml, QByteArrayView element)
{
    const QByteArray name = element.toByteArray();
    return QDateTime::fromString(
        QString::fromLatin1(between(xml, '<' + name + '>', "</" + name + '>')), Qt::ISODate);
}

/// Azure's rules: from now on at most seven days, and the end after the start. The key opens
/// nothing: signatures made with it are not accepted here.
Answer delegationKey(const Incoming &request, const BlobCaller &caller, const QDateTime &now)
{
    const QDateTime expiry = timeIn(request.body, "Expiry");
    const QDateTime start =
        timeIn(request.body, "Start").isValid() ? timeIn(request.body, "Start") : now;
    if (!expiry.isValid() || expiry <= start || expiry < now || expiry > now.addDays(7) ||
        start > now.addDays(7))
        return blobRefusal({400, "InvalidXmlNodeValue",
                            "The value for one of the XML nodes is not in the correct format."},
                           request, now);
    const auto element = [](const char *name, const QByteArray &value) {
        return QByteArray("<") + name + '>' + value + "</" + name + '>';
    };
    const auto spelled = [](const QDateTime &time) {
        return time.toUTC().toString(Qt::ISODate).toLatin1();
    };
    Answer answer{.status = 200};
    addServiceHeaders(answer, BlobLayer::Service, request, now);
    answer.set("Content-Type", "application/xml");
    const QByteArray value =
        QCryptographicHash::hash(TokenIssuer::opaque(32).toLatin1(), QCryptographicHash::Sha256)
            .toBase64();
    answer.body = byteOrderMark + s_declaration + "<UserDelegationKey>" +
                  element("SignedOid", caller.objectId.toLatin1()) +
                  element("SignedTid", caller.tenant.toLatin1()) +
                  element("SignedStart", spelled(start)) +
                  element("SignedExpiry", spelled(expiry)) + element("SignedService", "b") +
                  element("SignedVersion", request.header("x-ms-version")) +
                  element("Value", value) + "</UserDelegationKey>";
    return answer;
}

} // namespace

BlobAdapter::BlobAdapter(const Account &account, QString endpoint, QString azurite)
    : m_account(account)
    , m_endpoint(std::move(endpoint))
    , m_azurite(std::move(azurite))
{
}

std::optional<Answer> BlobAdapter::own(const Incoming &request, const Admitted &admitted,
                                       const QDateTime &now) const
{
    const QString &name = admitted.request.operation.name;
    if (name == u"Permanent Delete" && admitted.request.query.contains(u"snapshot"_s))
        return blobRefusal(permanentDeleteOff(), request, now);
    if (admitted.request.form->way != BlobOperationForm::Way::Sandbox)
        return std::nullopt;
    if (name == u"Restore Container") // nothing is ever soft-deleted here
        return blobRefusal(containerNotFound(), request, now);
    if (name == u"Get User Delegation Key")
        return delegationKey(request, admitted.caller, now);
    return blobRefusal(notImplemented(), request, now); // the parts of a batch would pass unseen
}

Incoming BlobAdapter::forAzurite(const Admitted &admitted) const
{
    return serialisedForAzurite(admitted.request, m_account.name, m_azurite);
}

Answer BlobAdapter::asAzure(Answer answer, const Incoming &request, const Admitted &admitted,
                            const QDateTime &now) const
{
    if (answer.status >= 400)
        return failure(answer, request, now);
    if (isMissing(admitted.request))
        return blobRefusal(blobNotFound(), request, now);
    for (const char *name : {"X-Powered-By", "Date", "Keep-Alive", "Connection",
                             "Transfer-Encoding", "x-ms-request-id"})
        answer.remove(name);
    addServiceHeaders(answer, BlobLayer::Service, request, now);
    if (isAskedByHead(admitted.request))
        return fromHead(std::move(answer), request, admitted, now);
    if (!answer.header("x-ms-sku-name").isEmpty())
        answer.set("x-ms-sku-name", "Standard_LRS");                  // as Resource Manager says
    const bool ownBytes = !answer.header("x-ms-blob-type").isEmpty(); // a blob may be XML too
    if (!ownBytes && answer.body.startsWith(s_azuriteDeclaration) &&
        answer.header("Content-Type").startsWith("application/xml")) {
        answer.body.replace(0, s_azuriteDeclaration.size(), byteOrderMark + s_declaration);
        const QByteArray attribute = "ServiceEndpoint=\"";
        if (const qsizetype start = answer.body.indexOf(attribute); start >= 0 && start < 200) {
            const qsizetype value = start + attribute.size();
            answer.body.replace(value, answer.body.indexOf('"', value) - value,
                                m_endpoint.toLatin1() + '/');
        }
        answer.set("Content-Type", "application/xml");
    }
    return answer;
}

Answer BlobAdapter::fromHead(Answer head, const Incoming &request, const Admitted &admitted,
                             const QDateTime &now) const
{
    const QString &name = admitted.request.operation.name;
    const bool metadata = name == u"Get Blob Metadata" || name == u"Get Container Metadata";
    if (name != u"Get Container ACL" && name != u"Undelete Blob" && !metadata)
        return blobRefusal(notImplemented(), request, now);
    Answer answer{.status = 200};
    for (const auto &[key, value] : head.headers) {
        const QByteArray lower = key.toLower();
        const bool dates = lower == "etag" || lower == "last-modified";
        if ((dates && name != u"Undelete Blob") || (metadata && lower.startsWith("x-ms-meta-")))
            answer.headers.append({key, value});
    }
    addServiceHeaders(answer, BlobLayer::Service, request, now);
    if (name == u"Get Container ACL" && request.verb != "HEAD") {
        answer.set("Content-Type", "application/xml");
        answer.body = byteOrderMark + s_declaration + "<SignedIdentifiers />";
    }
    return answer;
}

Answer BlobAdapter::failure(const Answer &answer, const Incoming &request,
                            const QDateTime &now) const
{
    BlobError error{.status = answer.status,
                    .code = answer.header("x-ms-error-code"),
                    .message = answer.reason};
    if (error.code.isEmpty())
        error.code = between(answer.body, "<Code>", "</Code>");
    if (const QByteArray text = between(answer.body, "<Message>", "</Message>"); !text.isEmpty())
        error.message =
            unescaped(text.left(text.indexOf('\n') < 0 ? text.size() : text.indexOf('\n')));
    if (error.code.isEmpty())
        error.code = answer.status >= 500 ? "InternalError" : "InvalidInput";
    return blobRefusal(error, request, now);
}

} // namespace Sandbox
