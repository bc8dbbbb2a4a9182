#include "cli/listing.h"

#include "services/signin.h"
#include "storage/blobclient.h"

#include <QDateTime>
#include <QJsonDocument>
#include <cstdio>

namespace Cli {

using namespace Qt::StringLiterals;
using Storage::BlobListing;
using Storage::RowKind;

namespace {

QString timeText(std::int64_t ms)
{
    return ms == BlobListing::unknown ? QString() : QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate);
}

QJsonObject rowJson(const BlobListing &rows, qsizetype row)
{
    const auto nullable = [](const QString &value) { return value.isEmpty() ? QJsonValue() : QJsonValue(value); };
    QJsonObject object{{u"name"_s, rows.name(row)}};
    if (rows.kind(row) == RowKind::Prefix) {
        object[u"prefix"_s] = true;
        return object;
    }
    object[u"lastModified"_s] = nullable(timeText(rows.lastModified(row)));
    object[u"etag"_s] = nullable(rows.etag(row));
    if (rows.kind(row) == RowKind::Blob) {
        object[u"size"_s] = rows.contentLength(row) == BlobListing::unknown ? QJsonValue() : QJsonValue(qint64(rows.contentLength(row)));
        object[u"contentType"_s] = nullable(rows.contentType(row));
        object[u"blobType"_s] = nullable(rows.blobType(row));
        object[u"accessTier"_s] = nullable(rows.accessTier(row));
    }
    QJsonObject details;
    const BlobListing::Details all = rows.details(row);
    for (const auto &[key, value] : all)
        details[key] = value;
    if (!details.isEmpty())
        object[u"details"_s] = details;
    return object;
}

QString rowText(const BlobListing &rows, qsizetype row)
{
    if (rows.kind(row) == RowKind::Prefix)
        return u"%1  %2  %3"_s.arg(u"folder"_s, 14).arg(QString(), -20).arg(rows.name(row));
    const QString size = rows.contentLength(row) == BlobListing::unknown ? QString() : QString::number(rows.contentLength(row));
    const QString time = timeText(rows.lastModified(row));
    return rows.kind(row) == RowKind::Container ? u"%1  %2"_s.arg(time, -20).arg(rows.name(row))
                                                : u"%1  %2  %3"_s.arg(size, 14).arg(time, -20).arg(rows.name(row));
}

void put(const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
}

// Writes the document's frame at the first and last moment and the rows in between.
class Writer
{
public:
    Writer(const ListingOptions &options, const QUrl &account, Context &context)
        : m_context(context), m_blobs(!options.container.empty())
    {
        m_head = QJsonObject{{u"account"_s, account.toString()}};
        if (m_blobs) {
            m_head[u"container"_s] = text(options.container);
            m_head[u"prefix"_s] = text(options.prefix);
        }
    }
    void rows(const BlobListing &listing)
    {
        for (qsizetype row = 0; row < listing.size(); ++row) {
            if (!m_context.json) {
                m_context.printRow(rowText(listing, row));
                continue;
            }
            begin();
            put(std::exchange(m_any, true) ? ",\n  " : "\n  ");
            put(QJsonDocument(rowJson(listing, row)).toJson(QJsonDocument::Compact));
        }
    }
    void end(bool complete)
    {
        if (!m_context.json)
            return;
        begin();
        put(QByteArray("\n ],\n \"complete\": ") + (complete ? "true" : "false") + "\n}\n");
    }

private:
    // An error before the first row must still be the only document.
    void begin()
    {
        if (std::exchange(m_begun, true))
            return;
        QByteArray head = QJsonDocument(m_head).toJson(QJsonDocument::Compact);
        head.chop(1);
        put(head + (m_blobs ? ",\n \"blobs\": [" : ",\n \"containers\": ["));
    }

    Context &m_context;
    QJsonObject m_head;
    bool m_blobs;
    bool m_begun = false;
    bool m_any = false;
};

void list(const ListingOptions &options, const QUrl &account, const Services::SignedIn &session, Context &context)
{
    Storage::BlobClient client(context.services().transport, context.services().clock, {account, session.cloud.trust});
    Storage::ListOptions listOptions{.prefix = text(options.prefix), .delimiter = text(options.delimiter), .limit = options.limit};
    Storage::ListRun *run = options.container.empty() ? client.listContainers(session.token, listOptions, &context)
                                                      : client.listBlobs(session.token, text(options.container), listOptions, &context);
    auto writer = std::make_shared<Writer>(options, account, context);
    QObject::connect(run, &Storage::ListRun::batch, &context, [writer, &context](const auto &rows) {
        writer->rows(*rows);
        if (context.outputFailed()) // nobody reads the rest
            context.finish(Failed);
    });
    QObject::connect(run, &Storage::ListRun::finished, &context, [writer, run, &context](bool complete) {
        writer->end(complete);
        if (!complete)
            context.note(u"note: stopped after %1 rows; there are more"_s.arg(run->rows()));
        context.finish(Done);
    });
    QObject::connect(run, &Storage::ListRun::failed, &context, [writer, run, &context](const Core::Error &error) {
        if (context.json && run->rows() > 0) {
            // The document has begun: it is ended as incomplete, and the error stands on stderr.
            writer->end(false);
            context.json = false;
        }
        context.fail(error);
    });
    run->start();
}

} // namespace

void runListing(const ListingOptions &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto account = context.account(*principal, options.account);
    if (!account)
        return;
    Services::signIn(context.services(), *principal, u"storage"_s, &context,
                     [options, account = *account, &context](const Core::Result<Services::SignedIn> &session) {
                         if (!session)
                             return context.fail(session.error());
                         list(options, account, *session, context);
                     });
}

} // namespace Cli
