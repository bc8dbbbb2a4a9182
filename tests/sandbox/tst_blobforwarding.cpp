#include "sandbox/azurite.h"
#include "sandbox/backend.h"
#include "sandbox/blobrequest.h"
#include "serving/messagereader.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

namespace {

const QMap<QString, QString> s_endpoints{{u"openaccount"_s, u"https://localhost:4001"_s},
                                         {u"otheraccount"_s, u"https://localhost:4002"_s}};
const QString s_time = u"2026-01-02T03:04:05.0000000Z"_s;

QJsonObject asJson(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

/// Makes requests: those of the forms, and those with everything that could be read in two ways.
class Generator
{
public:
    explicit Generator(quint32 seed)
        : m_random(seed)
    {
    }

    /// A request that fits \a form.
    Incoming plain(const BlobOperationForm &form)
    {
        Incoming request{.verb = pick(wordsOf(form.verbs)), .target = {}, .headers = {}, .body = {}};
        const Access::BlobOperation::Place place = placeOfForm(form);
        request.target = place == Access::BlobOperation::Place::Account     ? "/"
                         : place == Access::BlobOperation::Place::Container ? "/one"
                                                                            : "/one/a/b.txt";
        QByteArrayList pairs;
        if (*form.fixed)
            pairs = QByteArray(form.fixed).split('&');
        bool instant = false;
        for (const QByteArray &key : wordsOf(form.query)) {
            const bool time = key == "snapshot" || key == "versionid";
            const bool needed = key == "blockid" || key == "copyid" ||
                                (QByteArray(form.name) == "Delete Blob Version" && time);
            if ((needed || flip()) && !(time && instant))
                pairs.append(key + '=' + valueFor(key));
            instant = instant || time;
        }
        if (!pairs.isEmpty())
            request.target += '?' + pairs.join('&');
        request.headers.emplaceBack("x-ms-version", "2023-11-03");
        for (const QByteArray &word : wordsOf(form.required)) {
            const qsizetype equals = word.indexOf('=');
            request.headers.emplaceBack(word.split('=').first(), equals < 0 ? headerFor(word) : word.mid(equals + 1));
        }
        for (const QByteArray &word : wordsOf(form.headers)) {
            if (m_random.bounded(6) == 0)
                request.headers.emplaceBack(QByteArray(word).replace('*', "key"), headerFor(word));
        }
        if (form.body == BlobOperationForm::Body::Tags)
            request.body = tags();
        if (QByteArray(form.name) == "Query Blob Contents")
            request.body = "<QueryRequest><QueryType>SQL</QueryType><Expression>SELECT</Expression></QueryRequest>";
        return request;
    }

    /// A request of any form with up to four tricks.
    Incoming odd()
    {
        const auto &forms = blobOperationForms();
        Incoming request = plain(forms[m_random.bounded(int(forms.size()))]);
        for (int left = m_random.bounded(5); left > 0; --left)
            trick(request);
        return request;
    }

private:
    static Access::BlobOperation::Place placeOfForm(const BlobOperationForm &form)
    {
        const QByteArray fixed = form.fixed;
        const QByteArray name = form.name;
        if (fixed.contains("restype=container"))
            return Access::BlobOperation::Place::Container;
        if (fixed.contains("restype=") || name == "List Containers" || name == "Find Blobs by Tags" ||
            name == "Blob Batch" || name == "Preflight Blob Request")
            return Access::BlobOperation::Place::Account;
        return Access::BlobOperation::Place::Blob;
    }

    bool flip() { return m_random.bounded(2) == 0; }
    QByteArray pick(const QByteArrayList &list) { return list[m_random.bounded(int(list.size()))]; }

    QByteArray valueFor(const QByteArray &key)
    {
        if (key == "snapshot" || key == "versionid")
            return QUrl::toPercentEncoding(s_time);
        if (key == "maxresults")
            return "5";
        if (key == "include")
            return pick({"metadata", "METADATA,%20snapshots", "metadata,tags", "tags,,copy"});
        if (key == "blocklisttype")
            return pick({"all", "committed"});
        if (key == "deletetype")
            return "Permanent";
        return pick({"a+b", "x%2By", "a%26comp%3Dtags", "%25", "c=d", "%C3%BC", "a?b", "%23", "%5B0%5D"});
    }

    QByteArray headerFor(const QByteArray &name)
    {
        if (name.compare("x-ms-copy-source", Qt::CaseInsensitive) == 0)
            return pick({"https://localhost:4001/one/a", "https://localhost:4002/two/a%2Fb%20c?sig=x&comp=tags",
                         "https://localhost:4001/two/%252e%252e/d?snapshot=2026-01-02T03:04:05Z",
                         "https://LOCALHOST:4001/root", "https://localhost:4001/one/a%3Fb%23c",
                         "https://localhost:4001/one/../two/a", "https://localhost:4001/one/%2E%2e/two/a",
                         "https://localhost:4001/one/..%5Ctwo/a", "https://localhost:4001/one\\..\\two",
                         "https://localhost:4001@127.0.0.1/one/a", "http://127.0.0.1:1/one/a"});
        if (name == "x-ms-tags")
            return pick({"a=b&c=d", "a%20b=c+d", "a=b&a=c", "a=b=c", "x%3Dy=z%26", "nothing", "=", "a="});
        if (name == "x-ms-range" || name == "Range" || name == "x-ms-source-range")
            return "bytes=0-511";
        if (name.contains("modified-since"))
            return "Thu, 01 Jan 2026 00:00:00 GMT";
        if (name == "x-ms-access-tier")
            return "Hot";
        if (name == "x-ms-delete-snapshots")
            return "only";
        if (name == "x-ms-copy-source-tag-option")
            return pick({"COPY", "copy", "REPLACE", "none"});
        if (name == "x-ms-sequence-number-action")
            return "update";
        return pick({"512", "true", "", "a, b"});
    }

    QByteArray tags()
    {
        return pick({"<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>",
                     "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Value>d</Value><Key>c</Key></Tag>"
                     "</TagSet></Tags>",
                     "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value><Value>c</Value></Tag></TagSet></Tags>",
                     "<Tags><TagSet><Tag><Key>a</Key><Value>&lt;x&#65;</Value></Tag></TagSet></Tags>",
                     "<Tags><TagSet><Tag><Key>a</Key><Value><![CDATA[b]]></Value></Tag></TagSet></Tags>",
                     "<!DOCTYPE x [<!ENTITY e \"v\">]><Tags><TagSet><Tag><Key>a</Key><Value>&e;</Value></Tag></TagSet></Tags>",
                     "<Tags><TagSet/></Tags>", "<Tags/>", "", "{\"TagSet\":{\"Tag\":[{\"Key\":\"a\",\"Value\":\"z\"}]}}"});
    }

    /// Encodes some of the characters that need not be.
    QByteArray encodedHere(const QByteArray &text)
    {
        QByteArray out;
        for (const char c : text) {
            const bool encode = m_random.bounded(8) == 0 && c != '%';
            const QByteArray hex = QByteArray(1, c).toHex();
            out += encode ? '%' + (flip() ? hex : hex.toUpper()) : QByteArray(1, c);
        }
        return out;
    }

    void addQuery(Incoming &request, const QByteArray &pair, bool first)
    {
        const qsizetype mark = request.target.indexOf('?');
        if (mark < 0)
            request.target += '?' + pair;
        else if (first)
            request.target.insert(mark + 1, pair + '&');
        else
            request.target += '&' + pair;
    }

    void trick(Incoming &request)
    {
        const qsizetype mark = request.target.indexOf('?');
        const QByteArray path = request.target.split('?').first();
        const QByteArray rest = mark < 0 ? QByteArray() : request.target.mid(mark);
        switch (m_random.bounded(14)) {
        case 0:
            request.headers.emplaceBack(pick({"X-HTTP-Method", "x-http-method", "X-HTTP-Method-Override",
                                              "X-Method-Override", "X_HTTP_METHOD", "Method"}),
                                        pick({"GET", "DELETE", "PATCH", "MERGE", " DELETE ", "PUT"}));
            break;
        case 1: request.verb = pick({"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "get", "MERGE"}); break;
        case 2: request.target = encodedHere(path) + rest; break;
        case 3:
            request.target = path + pick({"/..", "/../two/x", "/%2e%2e/two", "/.", "//", "/", "%2F", "%5c..%5cx", "\\x",
                                          "%5Cx", "%00", "%25", "%252e%252e/x", "+", "%20", ";", "%C3%BC", "%zz", "#x",
                                          "%3Fcomp=tags", "%23", "%EF%BB%BF", "%ff", ":@!$&'()*,="}) + rest;
            break;
        case 4: request.target = path + '?' + encodedHere(rest.mid(1)); break;
        case 5:
            addQuery(request, pick({"comp=tags", "comp=list", "comp=metadata", "restype=container", "COMP=tags", "Comp=acl",
                                    "restype=account", "comp", "comp=", "comp[]=list", "comp%5B%5D=tags", "c%6Fmp=tags",
                                    "comp%00=x", "comp =tags", "+comp=tags", "comp=ta+gs", "comp=%74ags"}), flip());
            break;
        case 6:
            addQuery(request, pick({"versionid=2000-01-01T00:00:00Z", "versionId=x", "snapshot=", "snapshot=now",
                                    "snapshot=2026-01-02T03:04:05Z", "deletetype=permanent", "prefix=a/", "Prefix=b/",
                                    "prefix=a%26prefix=b", "prevsnapshot=2026-01-02T03:04:05Z", "where=x", "__proto__=1",
                                    "constructor=1", "hasOwnProperty=x", "unknown=1", "timeout=9", "delimiter=/",
                                    "include=tags", "toString=1", "sv=1", "x=%zz", "=", "&&", "?", ";comp=tags"}), flip());
            break;
        case 7: addQuery(request, QByteArray("z&").repeated(1001) + pick({"comp=tags", "comp=metadata", "prefix=x"}), flip()); break;
        case 8: addQuery(request, pick({"#", "#&comp=tags", "%23", "\t", "%09", "\\"}), flip()); break;
        case 9: request.headers.emplaceBack(pick({"x-ms-copy-source", "X-Ms-Copy-Source"}), headerFor("x-ms-copy-source")); break;
        case 10:
            request.headers.emplaceBack(pick({"x-ms-blob-type", "X-MS-BLOB-TYPE", "x-ms-lease-action", "x-ms-page-write",
                                              "x-ms-copy-action", "x-ms-requires-sync", "x-ms-sequence-number-action",
                                              "x-ms-blob-content-length", "x-ms-rename-source", "x-ms-source-range"}),
                                        pick({"BlockBlob", "pageblob", "AppendBlob", "acquire", "BREAK", "clear", "update",
                                              "true", "TRUE", "false", "abort", "", "512"}));
            break;
        case 11: request.headers.emplaceBack("x-ms-tags", headerFor("x-ms-tags")); break;
        case 12:
            request.headers.emplaceBack(pick({"Content-Type", "Content-Length", "Transfer-Encoding", "Host", "Expect",
                                              "X-Forwarded-Host", "X-Original-URL", "x-ms-meta-", "x-ms-meta-a b",
                                              "x-ms-meta-A", "x-ms-version", "Authorization"}),
                                        pick({"application/json", "0", "chunked", "example.org", "100-continue", "/two/x"}));
            break;
        default:
            if (!request.headers.isEmpty()) {
                const auto header = request.headers[m_random.bounded(int(request.headers.size()))];
                request.headers.emplaceBack(flip() ? header.first.toUpper() : header.first, header.second);
            }
        }
    }

    QRandomGenerator m_random;
};

} // namespace

/// What Azurite's own modules read is what was judged, whatever came in.
class BlobForwardingTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void eachFormIsOneOperation();
    void azuriteReadsWhatWasJudged_data();
    void azuriteReadsWhatWasJudged();

private:
    QJsonObject asAzuriteReads(const Incoming &sent);
    QString difference(const BlobRequest &judged, const QJsonObject &read) const;

    QProcess m_node;
    QTcpSocket m_socket;
    Serving::MessageReader m_reader{Serving::MessageReader::Kind::Response};
    quint16 m_port = 0;
};

void BlobForwardingTest::initTestCase()
{
    const auto azurite = Azurite::find(QCoreApplication::applicationDirPath());
    QVERIFY2(azurite, "Azurite is not installed: run ./installer/run");
    m_node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_node.start(u"node"_s, {QStringLiteral(AZURITE_PARSE), *azurite});
    QTRY_VERIFY_WITH_TIMEOUT(m_node.canReadLine() || m_node.state() == QProcess::NotRunning, 60'000);
    m_port = m_node.readLine().trimmed().toUShort();
    QVERIFY(m_port);
}

void BlobForwardingTest::cleanupTestCase()
{
    m_socket.abort();
    m_node.kill();
    m_node.waitForFinished();
}

QJsonObject BlobForwardingTest::asAzuriteReads(const Incoming &sent)
{
    if (m_socket.state() != QAbstractSocket::ConnectedState) {
        m_socket.abort();
        m_socket.connectToHost(u"127.0.0.1"_s, m_port);
        if (!m_socket.waitForConnected())
            return {};
    }
    m_reader = Serving::MessageReader(Serving::MessageReader::Kind::Response);
    m_reader.reset(sent.verb != "HEAD");
    m_socket.write(requestBytes(sent, m_port, "token"));
    auto state = Serving::MessageReader::State::Head;
    while (state == Serving::MessageReader::State::Head || state == Serving::MessageReader::State::Body) {
        if (!m_socket.waitForReadyRead(60'000))
            return {};
        state = m_reader.feed(m_socket.readAll());
    }
    if (!m_reader.staysOpen())
        m_socket.abort();
    const QByteArray parsed = Http::header(m_reader.headers(), "x-parsed");
    return QJsonDocument::fromJson(QByteArray::fromBase64(parsed)).object();
}

/// Empty where Azurite reads \a judged.
QString BlobForwardingTest::difference(const BlobRequest &judged, const QJsonObject &read) const
{
    using Way = BlobOperationForm::Way;
    const bool missing = judged.form->way == Way::ContainerHead || judged.query.contains(u"versionid"_s);
    QByteArrayList operations = wordsOf(judged.form->azurite);
    QMap<QString, QString> query = judged.query;
    BlobPlace place = judged.place;
    if (missing) {
        operations = {"Container_GetPropertiesWithHead"};
        query = {{u"restype"_s, u"container"_s}};
        place.blob.clear();
    } else if (judged.form->way == Way::Head) {
        const bool inContainer = judged.operation.place == Access::BlobOperation::Place::Container;
        operations = {inContainer ? "Container_GetPropertiesWithHead" : "Blob_GetProperties"};
        query = inContainer ? QMap<QString, QString>{{u"restype"_s, u"container"_s}} : QMap<QString, QString>();
        if (judged.query.contains(u"snapshot"_s))
            query.insert(u"snapshot"_s, judged.value(u"snapshot"_s));
    }
    if (!operations.contains(read[u"operation"].toString().toLatin1()))
        return u"operation"_s;
    if (read[u"account"].toString() != u"openaccount" || read[u"container"].toString() != place.container ||
        read[u"blob"].toString() != place.blob)
        return u"place"_s;
    if (read[u"query"].toObject() != asJson(query))
        return u"query"_s;
    const bool tagsSent = !missing && judged.form->way == Way::Azurite;
    if (tagsSent && read[u"tags"].toObject() != asJson(judged.tags))
        return u"tags"_s;
    if (judged.source) {
        const QJsonObject source = read[u"source"].toObject();
        const QJsonArray keys = judged.source->snapshot.isEmpty() ? QJsonArray() : QJsonArray{u"snapshot"_s};
        if (source[u"host"].toString() != u"127.0.0.1:31000" || source[u"account"].toString() != judged.source->account ||
            source[u"container"].toString() != judged.source->place.container || source[u"blob"].toString() != judged.source->place.blob ||
            source[u"snapshot"].toString() != judged.source->snapshot || source[u"keys"].toArray() != keys)
            return u"copy source"_s;
    } else if (!read[u"source"].isNull()) {
        return u"a copy source that was not judged"_s;
    }
    return {};
}

void BlobForwardingTest::eachFormIsOneOperation()
{
    Generator generator(1);
    for (const BlobOperationForm &form : blobOperationForms()) {
        if (form.way == BlobOperationForm::Way::Sandbox || !*form.verbs || QByteArray(form.verbs) == "OPTIONS")
            continue;
        int carried = 0;
        for (int i = 0; i < 200 && carried < 5; ++i) {
            const Incoming request = generator.plain(form);
            const auto judged = readBlobRequest(request, s_endpoints);
            const auto *asked = std::get_if<BlobRequest>(&judged);
            // Without an optional key or header it may be another form's.
            if (!asked || asked->fault || (asked->copies && !asked->source) || asked->form != &form)
                continue;
            const Incoming sent = serialisedForAzurite(*asked, u"openaccount"_s, u"https://127.0.0.1:31000"_s);
            const QJsonObject read = asAzuriteReads(sent);
            if (read.contains(u"refused"))
                continue;
            const QString wrong = difference(*asked, read);
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong + u": "_s + QString::fromUtf8(requestBytes(sent, 0, {})) +
                                                 QString::fromUtf8(QJsonDocument(read).toJson())));
            ++carried;
        }
        QVERIFY2(carried == 5, form.azurite);
    }
}

void BlobForwardingTest::azuriteReadsWhatWasJudged_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addRow("fixed seed") << quint32(20261201);
    const quint32 fresh = qEnvironmentVariableIntValue("ROLESCOPE_SEED") ? quint32(qEnvironmentVariableIntValue("ROLESCOPE_SEED"))
                                                                         : QRandomGenerator::global()->generate() >> 1;
    QTest::addRow("seed %u", fresh) << fresh;
}

void BlobForwardingTest::azuriteReadsWhatWasJudged()
{
    QFETCH(quint32, seed);
    qInfo("seed %u; again by ROLESCOPE_SEED=%u", seed, seed);
    Generator generator(seed);
    int carried = 0, refusedHere = 0, refusedThere = 0;
    for (int i = 0; i < 1500; ++i) {
        const Incoming request = generator.odd();
        const auto judged = readBlobRequest(request, s_endpoints);
        const auto *asked = std::get_if<BlobRequest>(&judged);
        if (!asked || asked->fault || (asked->copies && !asked->source)) {
            ++refusedHere;
            continue;
        }
        if (asked->form->way == BlobOperationForm::Way::Sandbox || asked->verb == "OPTIONS")
            continue;
        const Incoming sent = serialisedForAzurite(*asked, u"openaccount"_s, u"https://127.0.0.1:31000"_s);
        const QJsonObject read = asAzuriteReads(sent);
        if (read.contains(u"refused")) {
            ++refusedThere;
            continue;
        }
        const QString wrong = difference(*asked, read);
        QVERIFY2(wrong.isEmpty(),
                 qPrintable(wrong + u"\ncame: "_s + QString::fromLatin1(requestBytes(request, 0, {})) + u"\nsent: "_s +
                            QString::fromLatin1(requestBytes(sent, 0, {})) + u"\nread: "_s +
                            QString::fromUtf8(QJsonDocument(read).toJson())));
        ++carried;
    }
    qInfo("%d carried out, %d refused by the sandbox, %d by Azurite", carried, refusedHere, refusedThere);
    QVERIFY(carried > 200);
    QVERIFY(refusedHere > 200);
}

QTEST_GUILESS_MAIN(BlobForwardingTest)
#include "tst_blobforwarding.moc"
