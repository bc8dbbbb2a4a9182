#include "sandbox/seeding.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QByteArray s_version = "2023-11-03";

Http::Headers metadataHeaders(const QMap<QString, QString> &metadata)
{
    Http::Headers headers{{"x-ms-version", s_version}};
    for (auto it = metadata.begin(); it != metadata.end(); ++it)
        headers.append({"x-ms-meta-" + it.key().toLatin1(), it.value().toUtf8()});
    return headers;
}

QByteArray tagsHeader(const QMap<QString, QString> &tags)
{
    QByteArrayList pairs;
    for (auto it = tags.begin(); it != tags.end(); ++it)
        pairs.append(QUrl::toPercentEncoding(it.key()) + '=' + QUrl::toPercentEncoding(it.value()));
    return pairs.join('&');
}

} // namespace

Seeding::Seeding(Backend &backend, const Scenario &scenario, QObject *parent)
    : QObject(parent)
    , m_backend(backend)
    , m_scenario(scenario)
{
}

void Seeding::start(std::function<void(Core::Result<void>)> done)
{
    m_done = std::move(done);
    makeContainers();
}

void Seeding::makeContainers()
{
    m_nextStage = [this] { makeBlobs(); };
    ++m_open; // this function's own, so that an empty scenario settles too
    for (const Account &account : m_scenario.accounts) {
        for (const Container &container : account.containers) {
            const QByteArray target = '/' + account.name.toLatin1() + '/' +
                                      container.name.toLatin1() + "?restype=container";
            put({"PUT", target, metadataHeaders(container.metadata), {}}, container.name, nullptr);
        }
    }
    settle();
}

void Seeding::makeBlobs()
{
    m_nextStage = [this] {
        std::exchange(m_done, nullptr)({});
        deleteLater();
    };
    ++m_open;
    for (const Account &account : m_scenario.accounts) {
        for (const Container &container : account.containers) {
            const QByteArray folder =
                '/' + account.name.toLatin1() + '/' + container.name.toLatin1() + '/';
            for (const Blob &blob : container.blobs)
                putBlob(folder + QUrl::toPercentEncoding(blob.name, "/"), blob);
        }
    }
    settle();
}

void Seeding::putBlob(const QByteArray &target, const Blob &blob)
{
    Incoming request{"PUT", target, metadataHeaders(blob.metadata),
                     blob.append ? QByteArray() : blob.content};
    request.headers.append(
        {"x-ms-blob-type", QByteArray(blob.append ? "AppendBlob" : "BlockBlob")});
    request.headers.append({"x-ms-blob-content-type", blob.contentType.toLatin1()});
    if (!blob.tags.isEmpty())
        request.headers.append({"x-ms-tags", tagsHeader(blob.tags)});
    std::function<void()> next;
    if (blob.append && !blob.content.isEmpty()) {
        next = [this, target, &blob] {
            put({"PUT", target + "?comp=appendblock", {{"x-ms-version", s_version}}, blob.content},
                blob.name, nullptr);
        };
    }
    put(request, blob.name, next);
}

void Seeding::put(const Incoming &request, const QString &what, std::function<void()> next)
{
    ++m_open;
    m_backend.send(request, this, [this, what, next](const Core::Result<Answer> &answer) {
        const bool existed =
            answer && answer->header("x-ms-error-code") == "ContainerAlreadyExists";
        if (m_done && (!answer || (answer->status != 201 && !existed))) {
            const QString why = answer ? QString::fromUtf8(answer->reason) : answer.error().message;
            std::exchange(m_done, nullptr)(
                Core::Error{.message = u"Azurite did not take “%1”: %2"_s.arg(what, why)});
            deleteLater();
        }
        if (next && m_done)
            next();
        settle();
    });
}

void Seeding::settle()
{
    if (--m_open == 0 && m_done)
        m_nextStage();
}

} // namespace Sandbox
