#include "storage/bloblisting.h"

#include <QTest>
#include <string>

using namespace Qt::StringLiterals;
using Storage::BlobListing;

class BlobListingTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsWhatWasAdded();
    void appendsWithItsDetails();
    void staysLightWithAMillionRows();
};

void BlobListingTest::keepsWhatWasAdded()
{
    BlobListing listing;
    QVERIFY(listing.add({.name = "ä/b", .contentLength = 5, .lastModified = 7, .flags = BlobListing::Leased, .contentType = "text/plain", .etag = "\"0x8DC1\""}));
    QVERIFY(listing.add({.kind = Storage::RowKind::Prefix, .name = "p/"}));
    QVERIFY(listing.add({.name = ""}));
    QCOMPARE(listing.size(), 3);
    QCOMPARE(listing.name(0), u"ä/b"_s);
    QCOMPARE(listing.contentLength(0), 5);
    QCOMPARE(listing.contentType(0), u"text/plain"_s);
    QCOMPARE(listing.etag(0), u"0x8DC1"_s);
    QCOMPARE(listing.kind(1), Storage::RowKind::Prefix);
    QCOMPARE(listing.contentLength(1), BlobListing::unknown);
    QVERIFY(listing.name(2).isEmpty());
    QVERIFY(listing.name(1) == u"p/"_s);
}

void BlobListingTest::appendsWithItsDetails()
{
    BlobListing one;
    BlobListing other;
    QVERIFY(one.add({.name = "a", .contentType = "x"}));
    QVERIFY(other.add({.name = "b", .contentType = "y", .details = {{u"k"_s, u"v"_s}}}));
    QVERIFY(other.add({.name = "c", .contentType = "x"}));
    QVERIFY(one.append(other));
    QCOMPARE(one.size(), 3);
    QCOMPARE(one.name(1), u"b"_s);
    QCOMPARE(one.contentType(1), u"y"_s);
    QCOMPARE(one.contentType(2), u"x"_s);
    QCOMPARE(one.details(1), (BlobListing::Details{{u"k"_s, u"v"_s}}));
    QVERIFY(one.details(0).isEmpty());
}

void BlobListingTest::staysLightWithAMillionRows()
{
    BlobListing listing;
    for (int i = 0; i < 1'000'000; ++i) {
        const std::string name = "folder/2026/blob-" + std::to_string(i);
        QVERIFY(listing.add({.name = name, .contentLength = i, .lastModified = i, .contentType = "application/json", .blobType = "BlockBlob",
                             .accessTier = "Hot", .etag = "0x8DC000000000001"}));
    }
    QVERIFY2(listing.memoryUsed() < 100'000'000, qPrintable(QString::number(listing.memoryUsed())));
    QCOMPARE(listing.name(999'999), u"folder/2026/blob-999999"_s);
    QCOMPARE(listing.etag(500'000), u"0x8DC000000000001"_s);
}

QTEST_GUILESS_MAIN(BlobListingTest)
#include "tst_bloblisting.moc"
