#include "access/bloboperation.h"
#include "access/missingpermission.h"
#include "support/recordings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::RequiredPermission;
using Access::Requirement;

/// Holds operationOf() against the table of the REST reference.
class BlobOperationTest : public QObject
{
    Q_OBJECT
private slots:
    void needsWhatTheTableSays_data();
    void needsWhatTheTableSays();
    void needsMoreForTags();
    void knowsNothingOfOtherRequests();
    void namesWhatIsMissing_data();
    void namesWhatIsMissing();
};

namespace {

QString filled(QString url)
{
    url.replace(u"{container}"_s, u"c"_s).replace(u"{blob}"_s, u"dir/b"_s).replace(u"{resource}"_s, u"c/b"_s);
    url.replace(QRegularExpression(u"\\{[a-z]+\\}"_s), u"1"_s);
    return url;
}

} // namespace

void BlobOperationTest::needsWhatTheTableSays_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QString>("url");
    QTest::addColumn<Http::Headers>("headers");
    QTest::addColumn<QStringList>("alternatives");
    QFile file(Test::sharedFolder() + u"/facts/blob-operations.json"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::newRow("absent") << QByteArray() << QString() << Http::Headers() << QStringList();
        return;
    }
    const QJsonArray operations = QJsonDocument::fromJson(file.readAll()).object()[u"operations"].toArray();
    for (const QJsonValue &value : operations) {
        const QJsonObject one = value.toObject();
        const QString name = one[u"operation"].toString();
        if (one[u"service"].toString() != u"blob" || one[u"url"].toString().contains(u"-secondary"))
            continue;
        QStringList alternatives;
        const QJsonArray anyOf = one[u"anyOf"].toArray();
        for (const QJsonValue &alternative : anyOf) {
            QStringList needed;
            const QJsonArray all = alternative.toArray();
            for (const QJsonValue &permission : all)
                needed.append(permission.toObject()[u"kind"].toString() + u' ' + permission.toObject()[u"action"].toString());
            needed.sort();
            alternatives.append(needed.join(u" + "_s));
        }
        alternatives.sort();
        if (name.startsWith(u"Preflight"))
            alternatives.clear();
        QString url = one[u"url"].toString().section(u"  or  "_s, 0, 0);
        Http::Headers headers;
        if (url.contains(u"x-ms-copy-source"))
            headers.emplaceBack("x-ms-copy-source", "https://x");
        url = url.section(u" ("_s, 0, 0);
        if (url.contains(u"[?"))
            url = url.section(u'[', 0, 0);
        url.replace(u"snapshot|versionid"_s, u"versionid"_s);
        const QStringList verbs = one[u"verb"].toString().split(u'|');
        for (const QString &verb : verbs)
            QTest::addRow("%s %s", qPrintable(verb), qPrintable(name)) << verb.toLatin1() << filled(url) << headers << alternatives;
    }
}

void BlobOperationTest::needsWhatTheTableSays()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QByteArray, verb);
    QFETCH(QString, url);
    QFETCH(Http::Headers, headers);
    QFETCH(QStringList, alternatives);
    const auto operation = Access::operationOf(verb, url.section(u'?', 0, 0), url.section(u'?', 1), headers);
    QVERIFY2(operation, qPrintable(url));
    QStringList found;
    for (const QList<RequiredPermission> &alternative : operation->anyOf) {
        QStringList needed;
        for (const RequiredPermission &permission : alternative)
            needed.append((permission.isDataAction ? u"dataAction "_s : u"action "_s) + permission.action);
        needed.sort();
        found.append(needed.join(u" + "_s));
    }
    found.sort();
    QCOMPARE(found, alternatives);
}

void BlobOperationTest::needsMoreForTags()
{
    const auto put = Access::operationOf("PUT", u"/c/b"_s, {}, {{"x-ms-blob-type", "BlockBlob"}, {"x-ms-tags", "a=b"}});
    QVERIFY(put->anyOf.constFirst().constLast().action.endsWith(u"tags/write"));
    const auto list = Access::operationOf("GET", u"/c"_s, u"restype=container&comp=list&include=metadata,tags"_s, {});
    QVERIFY(list->anyOf.constFirst().constLast().action.endsWith(u"tags/read"));
}

void BlobOperationTest::knowsNothingOfOtherRequests()
{
    QVERIFY(!Access::operationOf("GET", u"/"_s, u"comp=secrets"_s, {}));
    QVERIFY(!Access::operationOf("PATCH", u"/c/b"_s, {}, {}));
    QVERIFY(!Access::operationOf("POST", u"/c/b"_s, {}, {}));
    QVERIFY(!Access::operationOf("PUT", u"/c/b"_s, u"comp=invented"_s, {}));
    QVERIFY(!Access::operationOf("GET", u"/c"_s, u"restype=container&comp=invented"_s, {}));
}

void BlobOperationTest::namesWhatIsMissing_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("permission");
    QTest::addColumn<QString>("role");
    QTest::newRow("read") << QByteArray("GET") << QString() << u"blobs/read"_s << u"Storage Blob Data Reader"_s;
    QTest::newRow("tags") << QByteArray("GET") << u"comp=tags"_s << u"blobs/tags/read"_s << u"Storage Blob Data Owner"_s;
    QTest::newRow("write") << QByteArray("PUT") << QString() << u"blobs/write"_s << u"Storage Blob Data Contributor"_s;
    QTest::newRow("delete") << QByteArray("DELETE") << QString() << u"blobs/delete"_s << u"Storage Blob Data Contributor"_s;
}

void BlobOperationTest::namesWhatIsMissing()
{
    QFETCH(QByteArray, verb);
    QFETCH(QString, query);
    const auto operation = Access::operationOf(verb, u"/c/b"_s, query, {{"x-ms-blob-type", "BlockBlob"}});
    QVERIFY(operation);
    const Core::Error refused{.message = u"m"_s, .code = u"AuthorizationPermissionMismatch"_s};
    const Core::Error named = Access::withMissingPermission(refused, *operation);
    QFETCH(QString, permission);
    QFETCH(QString, role);
    QVERIFY2(named.nextStep.contains(u"containers/"_s + permission), qPrintable(named.nextStep));
    QVERIFY2(named.nextStep.contains(role + u" has it"_s), qPrintable(named.nextStep));
    QCOMPARE(named.message, u"m"_s);
    // Another refusal is no question of roles.
    const Core::Error other{.code = u"AuthorizationFailure"_s, .nextStep = u"n"_s};
    QCOMPARE(Access::withMissingPermission(other, *operation), other);
}

QTEST_GUILESS_MAIN(BlobOperationTest)
#include "tst_bloboperation.moc"
