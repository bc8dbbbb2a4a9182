// Million rows a second of our listing parser beside pugixml (page by page) and QXmlStreamReader, which take the same members out of the
// same pages in the same run, in turns; median of the rounds, and the ratio to each rival.
// usage: bench_listing [ROUNDS]
#include "storage/listingparser.h"

#include <QElapsedTimer>
#include <QTextStream>
#include <QXmlStreamReader>
#include <algorithm>
#include <cstdlib>
#include <pugixml.hpp>

using namespace Qt::StringLiterals;
using Storage::BlobListing;

namespace {

constexpr int rowsPerPage = 5000;

// A page as the service writes it: about 700 bytes a blob.
QByteArray makePage(int first)
{
    QByteArray page = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://acct.blob.core.windows.net/\" "
                      "ContainerName=\"c\"><MaxResults>5000</MaxResults><Blobs>";
    for (int i = first; i < first + rowsPerPage; ++i) {
        page += "<Blob><Name>folder/2026/11/24/some-blob-" + QByteArray::number(i) + ".json</Name><Properties>"
                "<Creation-Time>Tue, 24 Nov 2026 09:20:02 GMT</Creation-Time><Last-Modified>Tue, 24 Nov 2026 09:20:02 GMT</Last-Modified>"
                "<Etag>0x8DC" + QByteArray::number(100000000 + i) + "</Etag><Content-Length>" + QByteArray::number(i * 37) + "</Content-Length>"
                "<Content-Type>application/octet-stream</Content-Type><Content-Encoding /><Content-Language /><Content-CRC64 />"
                "<Content-MD5>sQqNsWTgdUEFt6mb5y4/5Q==</Content-MD5><Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType>"
                "<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>"
                "<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>";
    }
    return page + "</Blobs><NextMarker>2!88!MDAw</NextMarker></EnumerationResults>";
}

qsizetype ours(const QByteArray &page, BlobListing &all)
{
    Storage::ListingParser parser;
    for (qsizetype at = 0; at < page.size(); at += 65'536) // as it comes from the network
        parser.feed(QByteArrayView(page).sliced(at, std::min<qsizetype>(65'536, page.size() - at)));
    const auto result = parser.finish();
    if (!result || !all.append(result->rows))
        qFatal("the page could not be read");
    return result->rows.size();
}

qsizetype withPugixml(const QByteArray &page, BlobListing &all)
{
    pugi::xml_document document;
    document.load_buffer(page.constData(), static_cast<size_t>(page.size()));
    qsizetype rows = 0;
    for (const pugi::xml_node &blob : document.child("EnumerationResults").child("Blobs").children("Blob")) {
        const pugi::xml_node properties = blob.child("Properties");
        (void)all.add({.name = blob.child_value("Name"),
                       .contentLength = std::atoll(properties.child_value("Content-Length")),
                       .lastModified = Storage::parseHttpDate(properties.child_value("Last-Modified")),
                       .contentType = properties.child_value("Content-Type"),
                       .blobType = properties.child_value("BlobType"),
                       .accessTier = properties.child_value("AccessTier"),
                       .etag = properties.child_value("Etag")});
        ++rows;
    }
    return rows;
}

qsizetype withQt(const QByteArray &page, BlobListing &all)
{
    QXmlStreamReader xml(page);
    qsizetype rows = 0;
    QByteArray name, length, modified, type, kind, tier, etag;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement()) {
            QByteArray *into = xml.name() == u"Name"      ? &name
                : xml.name() == u"Content-Length"         ? &length
                : xml.name() == u"Last-Modified"          ? &modified
                : xml.name() == u"Content-Type"           ? &type
                : xml.name() == u"BlobType"               ? &kind
                : xml.name() == u"AccessTier"             ? &tier
                : xml.name() == u"Etag"                   ? &etag
                                                          : nullptr;
            if (into)
                *into = xml.readElementText().toUtf8();
        } else if (xml.isEndElement() && xml.name() == u"Blob") {
            (void)all.add({.name = name.toStdString(), .contentLength = length.toLongLong(), .lastModified = Storage::parseHttpDate(modified.toStdString()),
                           .contentType = type.toStdString(), .blobType = kind.toStdString(), .accessTier = tier.toStdString(), .etag = etag.toStdString()});
            ++rows;
        }
    }
    return rows;
}

double rate(qsizetype (*parse)(const QByteArray &, BlobListing &), const QList<QByteArray> &pages)
{
    BlobListing all;
    qsizetype rows = 0;
    QElapsedTimer timer;
    timer.start();
    for (const QByteArray &page : pages)
        rows += parse(page, all);
    return static_cast<double>(rows) / static_cast<double>(timer.nsecsElapsed()) * 1000.0; // million rows a second
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    QList<QByteArray> pages;
    for (int i = 0; i < 20; ++i)
        pages.append(makePage(i * rowsPerPage));
    QList<double> our, pugi, qt;
    for (int round = 0; round < rounds; ++round) {
        our.append(rate(ours, pages));
        pugi.append(rate(withPugixml, pages));
        qt.append(rate(withQt, pages));
    }
    BlobListing million;
    for (int i = 0; i < 200; ++i)
        ours(makePage(i * rowsPerPage), million);
    QTextStream out(stdout);
    out << "bytes a row in the page: " << pages.first().size() / rowsPerPage << "\n"
        << "million rows a second, median of " << rounds << ": ours " << median(our) << ", pugixml " << median(pugi) << ", QXmlStreamReader " << median(qt) << "\n"
        << "ratio to pugixml " << median(our) / median(pugi) << ", to QXmlStreamReader " << median(our) / median(qt) << "\n"
        << "memory of " << million.size() << " rows: " << million.memoryUsed() / 1'000'000 << " MB\n";
    return 0;
}
