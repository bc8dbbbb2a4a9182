#include "storage/listingparser.h"
#include "support/recordings.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QLocale>
#include <QRandomGenerator>
#include <QTest>
#include <functional>
#include <pugixml.hpp>

using namespace Qt::StringLiterals;
using Core::Result;
using Storage::BlobListing;
using Storage::ListingPage;
using Storage::ListingParser;
using Storage::RowKind;

class ListingParserTest : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryRecordedListing_data();
    void readsEveryRecordedListing();
    void readsAlikeInAnySplit_data();
    void readsAlikeInAnySplit();
    void readsWhatIsSpecial();
    void refusesHostileInput_data();
    void refusesHostileInput();
    void noticesEveryCut();
    void readsDates_data();
    void readsDates();
};

namespace {

Result<ListingPage> parse(const QByteArray &bytes)
{
    ListingParser parser;
    parser.feed(bytes);
    return parser.finish();
}

Result<ListingPage> parseInPieces(const QByteArray &bytes, const std::function<qsizetype()> &size)
{
    ListingParser parser;
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype length = std::min(size(), bytes.size() - at);
        parser.feed(QByteArrayView(bytes).sliced(at, length));
        at += length;
    }
    return parser.finish();
}

bool isListing(const QByteArray &body)
{
    return body.left(200).contains("EnumerationResults");
}

/// Every listing of the recordings: "file #exchange" and its body.
QList<std::pair<QString, QByteArray>> listings()
{
    QList<std::pair<QString, QByteArray>> found;
    for (const QString &file : Test::recordingNames(u"blob"_s)) {
        int number = 0;
        for (const Test::Exchange &exchange : Test::recording(u"blob"_s, file)) {
            ++number;
            if (exchange.response.isSuccess() && isListing(exchange.response.body))
                found.append({file + u" #"_s + QString::number(number), exchange.response.body});
        }
    }
    return found;
}

QByteArray listing(const QByteArray &rows, const QByteArray &end = "<NextMarker /></EnumerationResults>")
{
    return "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\" ContainerName=\"c\"><Blobs>" + rows + "</Blobs>" + end;
}

QString expectedName(const pugi::xml_node &row)
{
    const QByteArray text = row.child("Name").text().get();
    const bool encoded = QByteArray(row.child("Name").attribute("Encoded").value()) == "true";
    return QString::fromUtf8(encoded ? QByteArray::fromPercentEncoding(text) : text);
}

} // namespace

void ListingParserTest::readsEveryRecordedListing_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const auto &[name, body] : listings())
        QTest::newRow(qPrintable(name)) << body;
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QByteArray();
}

// An independent reading, by pugixml, must agree in every row.
void ListingParserTest::readsEveryRecordedListing()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QByteArray, body);
    const Result<ListingPage> page = parse(body);
    QVERIFY2(page, qPrintable(page ? QString() : page.error().message));
    pugi::xml_document document;
    QVERIFY(document.load_buffer(body.constData(), static_cast<size_t>(body.size()), pugi::parse_default, pugi::encoding_utf8));
    const pugi::xml_node root = document.child("EnumerationResults");
    QCOMPARE(page->nextMarker, QString::fromUtf8(root.child_value("NextMarker")));
    QCOMPARE(page->prefix, QString::fromUtf8(root.child_value("Prefix")));
    qsizetype row = 0;
    for (const char *list : {"Blobs", "Containers"}) {
        for (const pugi::xml_node &one : root.child(list).children()) {
            QVERIFY(row < page->rows.size());
            QCOMPARE(page->rows.name(row), expectedName(one));
            const QByteArray length = one.child("Properties").child_value("Content-Length");
            if (!length.isEmpty())
                QCOMPARE(page->rows.contentLength(row), length.toLongLong());
            const QByteArray modified = one.child("Properties").child_value("Last-Modified");
            if (!modified.isEmpty())
                QVERIFY(page->rows.lastModified(row) != BlobListing::unknown);
            QCOMPARE(page->rows.contentType(row), QString::fromUtf8(one.child("Properties").child_value("Content-Type")));
            QCOMPARE(page->rows.kind(row) == RowKind::Prefix, QByteArray(one.name()) == "BlobPrefix");
            QCOMPARE(bool(page->rows.flags(row) & BlobListing::HasTags), !one.child("Tags").child("TagSet").child("Tag").empty());
            ++row;
        }
    }
    QCOMPARE(row, page->rows.size());
}

void ListingParserTest::readsAlikeInAnySplit_data()
{
    readsEveryRecordedListing_data();
}

void ListingParserTest::readsAlikeInAnySplit()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QByteArray, body);
    const Result<ListingPage> whole = parse(body);
    QRandomGenerator random(3);
    for (int round = 0; round < 4; ++round) {
        const Result<ListingPage> pieces = parseInPieces(body, [&] { return round == 0 ? qsizetype(1) : qsizetype(random.bounded(1, 900)); });
        QVERIFY(pieces);
        QCOMPARE(pieces->rows.size(), whole->rows.size());
        for (qsizetype row = 0; row < whole->rows.size(); ++row) {
            QCOMPARE(pieces->rows.name(row), whole->rows.name(row));
            QCOMPARE(pieces->rows.details(row), whole->rows.details(row));
        }
    }
}

void ListingParserTest::readsWhatIsSpecial()
{
    const auto page = parse(listing(
        "<BlobPrefix><Name>a&amp;b/</Name></BlobPrefix>"
        "<Blob><Name Encoded=\"true\">x%EF%BF%BE%2Fy</Name><Deleted>true</Deleted><Snapshot>2020-01-01T00:00:00Z</Snapshot><Properties>"
        "<Content-Length>9007199254740993</Content-Length><Last-Modified>Thu, 29 Feb 2024 23:59:59 GMT</Last-Modified><Etag>0x8DC000000000001</Etag>"
        "<LeaseStatus>locked</LeaseStatus><LeaseState>leased</LeaseState><ResourceType>directory</ResourceType><Unknown><Deep>1</Deep></Unknown></Properties>"
        "<Metadata Encrypted=\"true\"><owner>J&#xFC;rgen &lt;x&gt;</owner></Metadata><Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags></Blob>"
        "<Blob><Name><![CDATA[<raw>]]></Name><Properties><Content-Length>-1</Content-Length><Last-Modified>yesterday</Last-Modified><Etag>W/\"odd\"</Etag></Properties></Blob>"));
    QVERIFY2(page, qPrintable(page ? QString() : page.error().message));
    const BlobListing &rows = page->rows;
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows.name(0), u"a&b/"_s);
    QCOMPARE(rows.name(1), u"x\uFFFE/y"_s);
    QCOMPARE(rows.contentLength(1), 9007199254740993);
    QCOMPARE(rows.lastModified(1), QDateTime(QDate(2024, 2, 29), QTime(23, 59, 59), Qt::UTC).toMSecsSinceEpoch());
    QCOMPARE(rows.etag(1), u"0x8DC000000000001"_s);
    const auto flags = BlobListing::Deleted | BlobListing::Snapshot | BlobListing::Leased | BlobListing::Directory | BlobListing::Encrypted
        | BlobListing::HasMetadata | BlobListing::HasTags;
    QCOMPARE(int(rows.flags(1)), int(flags));
    QVERIFY(rows.details(1).contains({u"Metadata/owner"_s, u"Jürgen <x>"_s}));
    QVERIFY(rows.details(1).contains({u"Tag/k"_s, u"v"_s}));
    QCOMPARE(rows.name(2), u"<raw>"_s);
    QCOMPARE(rows.contentLength(2), BlobListing::unknown);
    QCOMPARE(rows.lastModified(2), BlobListing::unknown);
    QCOMPARE(rows.etag(2), u"W/\"odd\""_s);
}

void ListingParserTest::refusesHostileInput_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("an entity bomb") << QByteArray("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><EnumerationResults>&b;</EnumerationResults>");
    QTest::newRow("an external entity") << QByteArray("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><EnumerationResults/>");
    QTest::newRow("an unknown entity") << listing("<Blob><Name>&boom;</Name></Blob>");
    QTest::newRow("a zero character") << listing("<Blob><Name>&#0;</Name></Blob>");
    QTest::newRow("a control character") << listing("<Blob><Name>a" + QByteArray(1, '\0') + "b</Name></Blob>");
    QTest::newRow("an escape character") << listing("<Blob><Name>a\x1b[2Jb</Name></Blob>");
    QTest::newRow("Latin-1") << listing("<Blob><Name>caf\xe9</Name></Blob>");
    QTest::newRow("a character cut short") << listing("<Blob><Name>a\xe2\x82</Name></Blob>");
    QTest::newRow("an overlong character") << listing("<Blob><Name>\xc0\xaf</Name></Blob>");
    QTest::newRow("an encoded surrogate") << listing("<Blob><Name>\xed\xa0\x80</Name></Blob>");
    QTest::newRow("beyond Unicode") << listing("<Blob><Name>\xf4\x90\x80\x80</Name></Blob>");
    QTest::newRow("too many rows") << listing(QByteArray("<Blob><Name>a</Name></Blob>").repeated(100'001));
    QTest::newRow("half a surrogate pair") << listing("<Blob><Name>&#xD800;</Name></Blob>");
    QTest::newRow("200,000 levels") << "<EnumerationResults>" + QByteArray("<a>").repeated(200'000);
    QTest::newRow("100,000 attributes") << "<EnumerationResults " + QByteArray("a=\"b\" ").repeated(100'000) + "/>";
    QTest::newRow("a name of 50 MB") << listing("<Blob><Name>" + QByteArray(50'000'000, 'x') + "</Name></Blob>");
    QTest::newRow("a tag without an end") << "<EnumerationResults><" + QByteArray(10'000'000, 'x');
    QTest::newRow("elements in the wrong order") << listing("<Blob><Name>a</Blob></Name>");
    QTest::newRow("an end too many") << listing({}, "</EnumerationResults></EnumerationResults>");
    QTest::newRow("two documents") << listing({}) + listing({});
    QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html><body>Sign in</body></html>");
    QTest::newRow("a web page without DOCTYPE") << QByteArray("<html><body>Sign in</body></html>");
    QTest::newRow("JSON") << QByteArray("{\"error\":{}}");
    QTest::newRow("an error document") << QByteArray("<?xml version=\"1.0\"?><Error><Code>X</Code></Error>");
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE<\0E\0", 6);
    QTest::newRow("another encoding") << QByteArray("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><EnumerationResults/>");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text before") << QByteArray("x<EnumerationResults/>");
}

void ListingParserTest::refusesHostileInput()
{
    QFETCH(QByteArray, body);
    QElapsedTimer timer;
    timer.start();
    const Result<ListingPage> page = parseInPieces(body, [] { return qsizetype(65'536); });
    QVERIFY(!page);
    QCOMPARE(page.error().kind, Core::Error::Kind::BadResponse);
    QVERIFY(timer.elapsed() < 3000);
}

void ListingParserTest::noticesEveryCut()
{
    const QByteArray whole = listing("<Blob><Name>a&amp;b</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>");
    QVERIFY(parse(whole));
    for (qsizetype length = 0; length < whole.size(); ++length)
        QVERIFY2(!parse(whole.left(length)), qPrintable(QString::number(length)));
}

void ListingParserTest::readsDates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("valid");
    for (const auto &[text, valid] : std::initializer_list<std::pair<const char *, bool>>{
             {"Wed, 09 Sep 2009 09:20:02 GMT", true}, {"Thu, 01 Jan 1970 00:00:00 GMT", true}, {"Tue, 29 Feb 2000 12:00:00 GMT", true},
             {"Fri, 31 Dec 9999 23:59:59 GMT", true}, {"Mon, 01 Jan 1601 00:00:00 GMT", true}, {"Wed, 09 Sep 2009 09:20:02 UTC", false},
             {"Wed, 09 Xyz 2009 09:20:02 GMT", false}, {"Wed, 09 Sep 2009 25:20:02 GMT", false}, {"09 Sep 2009 09:20:02 GMT", false}, {"", false}})
        QTest::newRow(text) << QString::fromLatin1(text) << valid;
}

void ListingParserTest::readsDates()
{
    QFETCH(QString, text);
    QFETCH(bool, valid);
    const std::int64_t ms = Storage::parseHttpDate(text.toStdString());
    QCOMPARE(ms != BlobListing::unknown, valid);
    if (valid)
        QCOMPARE(QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s), text);
}

QTEST_GUILESS_MAIN(ListingParserTest)
#include "tst_listingparser.moc"
