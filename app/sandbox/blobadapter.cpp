#include "sandbox/blobadapter.h"

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
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&");
    return text;
}

} // namespace

BlobAdapter::BlobAdapter(const Account &account, QString endpoint, QString azurite)
    : m_account(account), m_endpoint(std::move(endpoint)), m_azurite(std::move(azurite))
{
}

std::optional<Answer> BlobAdapter::own(const Incoming &request, const Admitted &admitted, const QDateTime &now) const
{
    if (admitted.operation.name == u"Blob Batch") // its parts would pass unseen
        return blobRefusal({501, "NotImplemented", "The requested operation is not implemented on the specified resource."}, request, now);
    return std::nullopt;
}

Incoming BlobAdapter::forAzurite(const Incoming &request, const Admitted &admitted) const
{
    Incoming sent = request;
    const bool inRoot = admitted.place.container == u"$root" && !request.rawPath().startsWith("/$root")
        && !request.rawPath().startsWith("/%24root");
    sent.target = '/' + m_account.name.toLatin1() + (inRoot ? "/$root" : "") + request.target;
    if (!admitted.copySource.isEmpty()) {
        for (auto &[name, value] : sent.headers) {
            if (name.compare("x-ms-copy-source", Qt::CaseInsensitive) == 0)
                value = (m_azurite + admitted.copySource).toLatin1();
        }
    }
    return sent;
}

Answer BlobAdapter::asAzure(Answer answer, const Incoming &request, const Admitted &, const QDateTime &now) const
{
    if (answer.status >= 400)
        return failure(answer, request, now);
    for (const char *name : {"X-Powered-By", "Date", "Keep-Alive", "Connection", "Transfer-Encoding", "x-ms-request-id"})
        answer.remove(name);
    addServiceHeaders(answer, BlobLayer::Service, request, now);
    if (answer.header("Content-Type").startsWith("application/xml") && answer.body.startsWith("<?xml")) {
        const QByteArray own = (m_azurite + u'/' + m_account.name).toLatin1();
        answer.body.replace("ServiceEndpoint=\"" + own, "ServiceEndpoint=\"" + m_endpoint.toLatin1());
        answer.body.prepend(byteOrderMark);
        answer.set("Content-Type", "application/xml");
    }
    return answer;
}

Answer BlobAdapter::failure(const Answer &answer, const Incoming &request, const QDateTime &now) const
{
    BlobError error{.status = answer.status, .code = answer.header("x-ms-error-code"), .message = answer.reason};
    if (error.code.isEmpty())
        error.code = between(answer.body, "<Code>", "</Code>");
    if (const QByteArray text = between(answer.body, "<Message>", "</Message>"); !text.isEmpty())
        error.message = unescaped(text.left(text.indexOf('\n') < 0 ? text.size() : text.indexOf('\n')));
    if (error.code.isEmpty())
        error.code = answer.status >= 500 ? "InternalError" : "InvalidInput";
    return blobRefusal(error, request, now);
}

} // namespace Sandbox
