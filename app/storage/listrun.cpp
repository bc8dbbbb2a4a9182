#include "storage/listrun.h"

#include "storage/blobclient.h"
#include "storage/listingparser.h"
#include "storage/serviceerror.h"

#include <QSet>
#include <algorithm>
#include <optional>
#include <QThread>

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

// A page of 5000 rows with all that a row can have stays far below it; what comes faster than it is read must not pile up.
constexpr qint64 maxPageBytes = 128 << 20;
// Pages without a row do occur, where what was deleted is passed over. Each covers up to 5000 blobs.
constexpr int maxEmptyPages = 1000;

Error endless(const QString &message)
{
    return {.kind = Error::Kind::BadResponse,
            .message = message,
            .code = u"EndlessListing"_s,
            .nextStep = u"What was listed before is shown; report this with the request ID from Activity."_s};
}

} // namespace

struct ListRun::Page {
    ListingParser parser;
    bool broken = false; ///< these two the worker's thread writes
    std::optional<Result<ListingPage>> outcome;
    qint64 received = 0; ///< and these the run's own
    std::optional<Error> refusal;
};

struct ListRun::Private {
    Http::Transport &transport;
    const Core::Clock &clock;
    Endpoint endpoint;
    Identity::AccessToken token;
    QString container;
    ListOptions options;

    std::unique_ptr<QThread> thread = std::make_unique<QThread>();
    std::unique_ptr<QObject> worker = std::make_unique<QObject>(); ///< lives on the thread; what is invoked on it runs there
    std::shared_ptr<Page> page;
    std::unique_ptr<QObject> work; ///< the request's context: deleting it aborts
    QSet<QString> markers;
    qint64 rows = 0;
    int emptyPages = 0;

    QUrl url(const QString &marker) const
    {
        QUrl asked = container.isEmpty() ? accountUrl(endpoint.account) : containerUrl(endpoint.account, container);
        QByteArray query = container.isEmpty() ? "comp=list" : "restype=container&comp=list";
        const auto add = [&](const char *name, const QString &value) {
            if (!value.isEmpty())
                query += QByteArray("&") + name + '=' + QUrl::toPercentEncoding(value);
        };
        add("prefix", options.prefix);
        add("delimiter", options.delimiter);
        add("marker", marker);
        add("include", options.include.join(u','));
        qint64 pageSize = options.pageSize;
        if (options.limit >= 0)
            pageSize = std::clamp<qint64>(options.limit - rows, 1, pageSize);
        query += "&maxresults=" + QByteArray::number(pageSize);
        asked.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
        return asked;
    }
};

ListRun::ListRun(Http::Transport &transport, const Core::Clock &clock, Endpoint endpoint, Identity::AccessToken token,
                 QString container, ListOptions options, QObject *parent)
    : QObject(parent),
      d(new Private{.transport = transport, .clock = clock, .endpoint = std::move(endpoint), .token = std::move(token),
                    .container = std::move(container), .options = std::move(options)})
{
    d->worker->moveToThread(d->thread.get());
}

ListRun::~ListRun()
{
    d->work.reset();
    d->thread->quit();
    d->thread->wait();
}

void ListRun::start()
{
    d->thread->start();
    d->work = std::make_unique<QObject>();
    askPage({});
}

void ListRun::cancel()
{
    if (!d->work)
        return;
    d->work.reset();
    QMetaObject::invokeMethod(this, [this] { emit finished(false); }, Qt::QueuedConnection);
}

qint64 ListRun::rows() const
{
    return d->rows;
}

void ListRun::askPage(const QString &marker)
{
    d->page = std::make_shared<Page>();
    Http::Request request = blobRequest("GET", d->url(marker), d->endpoint, d->token, d->clock.now());
    request.onBody = [this, page = d->page](QByteArrayView piece) { received(page, piece); };
    d->transport.send(std::move(request), d->work.get(), [this](const Result<Http::Response> &response) { answered(response); });
}

void ListRun::received(const std::shared_ptr<Page> &page, QByteArrayView piece)
{
    page->received += piece.size();
    if (page->received > maxPageBytes) {
        // Not from within the request that calls this.
        QMetaObject::invokeMethod(
            this,
            [this, page] {
                page->refusal = endless(u"The service’s page of the listing has no end."_s);
                parsed(page);
            },
            Qt::QueuedConnection);
        return;
    }
    QMetaObject::invokeMethod(
        d->worker.get(),
        [this, page, bytes = piece.toByteArray()] {
            if (page->broken || page->parser.feed(bytes))
                return;
            // The rest is not waited for.
            page->broken = true;
            page->outcome = page->parser.finish();
            QMetaObject::invokeMethod(this, [this, page] { parsed(page); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void ListRun::answered(const Result<Http::Response> &response)
{
    if (!response || !response->isSuccess()) {
        d->work.reset();
        emit failed(response ? blobError(*response) : response.error());
        return;
    }
    // Behind the pieces already queued; back here with the page.
    QMetaObject::invokeMethod(
        d->worker.get(),
        [this, page = d->page] {
            if (page->broken)
                return;
            page->outcome = page->parser.finish();
            QMetaObject::invokeMethod(this, [this, page] { parsed(page); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void ListRun::parsed(std::shared_ptr<Page> page)
{
    if (!d->work || page != d->page)
        return; // cancelled meanwhile
    const auto fail = [this](const Error &error) {
        d->work.reset();
        emit failed(error);
    };
    if (page->refusal)
        return fail(*page->refusal);
    if (!*page->outcome)
        return fail(page->outcome->error());
    const auto read = std::make_shared<ListingPage>(std::move(*page->outcome).value());
    const QString next = read->nextMarker;
    if (!next.isEmpty() && d->markers.contains(next))
        return fail({.kind = Error::Kind::BadResponse,
                     .message = u"The service repeats a page of the listing without an end."_s,
                     .code = u"RepeatedMarker"_s,
                     .nextStep = u"What was listed before is shown; report this with the request ID from Activity."_s});
    d->markers.insert(next);
    d->emptyPages = read->rows.size() > 0 ? 0 : d->emptyPages + 1;
    if (!next.isEmpty() && d->emptyPages > maxEmptyPages)
        return fail(endless(u"The service goes on with a listing in which nothing comes any more."_s));
    d->rows += read->rows.size();
    if (read->rows.size() > 0)
        emit batch(std::shared_ptr<const BlobListing>(read, &read->rows));
    if (!d->work)
        return; // the receiver cancelled
    const bool enough = d->options.limit >= 0 && d->rows >= d->options.limit;
    if (!next.isEmpty() && !enough)
        return askPage(next);
    d->work.reset();
    emit finished(next.isEmpty());
}

} // namespace Storage
