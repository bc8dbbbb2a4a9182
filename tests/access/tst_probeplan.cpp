#include "access/probeplan.h"
#include "support/recordings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::Probe;
using Access::ProbePlan;

/// Holds the probes against the plan they are drawn from.
class ProbePlanTest : public QObject
{
    Q_OBJECT
private slots:
    void takesOnlyWhatIsOnByDefault_data();
    void takesOnlyWhatIsOnByDefault();
    void beginsWithTheAccount();
    void namesEachOperationOnce();
    void makesRequestsThatNobodyElseCouldMeet();
};

namespace {

QString codeOnly(const QString &pattern)
{
    return pattern.section(u" ("_s, 0, 0);
}

QStringList codes(const QJsonValue &value)
{
    QStringList list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        list.append(codeOnly(one.toString()));
    return list;
}

} // namespace

void ProbePlanTest::takesOnlyWhatIsOnByDefault_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < Access::defaultProbes().size(); ++i)
        QTest::newRow(qPrintable(Access::defaultProbes()[i].id)) << i;
}

void ProbePlanTest::takesOnlyWhatIsOnByDefault()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(int, index);
    const Probe &probe = Access::defaultProbes()[index];
    QFile file(Test::sharedFolder() + u"/facts/probe-plan.json"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray plan = QJsonDocument::fromJson(file.readAll()).object()[u"probes"].toArray();
    QJsonObject source;
    for (const QJsonValue &one : plan) {
        if (one.toObject()[u"id"].toString() == probe.id)
            source = one.toObject();
    }
    QVERIFY2(source[u"enabledByDefault"].toBool(), "a probe that is off by default is never sent unasked");
    QCOMPARE(probe.permission.action, source[u"permission"].toString());
    QCOMPARE(probe.permission.isDataAction, source[u"kind"].toString() == u"dataAction");
    QCOMPARE(codes(source[u"allowedWhen"]), probe.allowedWhen);
    QCOMPARE(codes(source[u"deniedWhen"]), probe.deniedWhen);

    const QJsonObject request = source[u"request"].toObject();
    QCOMPARE(QString::fromLatin1(probe.verb), request[u"verb"].toString());
    const QString url = request[u"url"].toString().section(u'[', 0, 0);
    QCOMPARE(probe.path + (probe.query.isEmpty() ? QString() : u'?' + probe.query), url);
    QCOMPARE(QString::fromLatin1(probe.body), request[u"body"].toString());
    const QJsonObject headers = request[u"headers"].toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it) {
        const QString value = it.value().toString() == u"<random uuid>" ? u"{uuid}"_s : it.value().toString();
        QCOMPARE(QString::fromLatin1(Http::header(probe.headers, it.key().toLatin1())), value);
    }
    QVERIFY(!probe.harmless.isEmpty());
    QVERIFY(!probe.method.isEmpty());
}

void ProbePlanTest::beginsWithTheAccount()
{
    const ProbePlan plan = ProbePlan::forContainers({u"a"_s, u"b"_s});
    QVERIFY(plan.steps.constFirst().container.isEmpty());
    QStringList order;
    for (const Access::ProbeStep &step : plan.steps) {
        if (order.isEmpty() || order.last() != step.container)
            order.append(step.container);
    }
    QCOMPARE(order, (QStringList{QString(), u"a"_s, u"b"_s}));
}

void ProbePlanTest::namesEachOperationOnce()
{
    QSet<QString> operations;
    for (const Probe &probe : Access::defaultProbes())
        operations.insert(probe.operation);
    QCOMPARE(operations.size(), Access::defaultProbes().size());
}

void ProbePlanTest::makesRequestsThatNobodyElseCouldMeet()
{
    const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
    const Storage::Endpoint endpoint{QUrl(u"https://acct.blob.core.windows.net"_s), {}};
    for (const Access::ProbeStep &step : ProbePlan::forContainers({u"con"_s}).steps) {
        const Http::Request request = Access::probeRequest(step, endpoint, {Core::Secret("t"), {}, {}}, u"UUID"_s, now);
        const QString url = request.url.toString(QUrl::FullyEncoded);
        QVERIFY2(!url.contains(u'{') && !request.body.contains('{'), qPrintable(url));
        QVERIFY(url.startsWith(u"https://acct.blob.core.windows.net/"));
        QCOMPARE(Http::header(request.headers, "x-ms-version"), QByteArray("2023-11-03"));
        QVERIFY(request.probe);
        // What is not a read is aimed at a name that cannot exist, or is a release of a lease that nobody holds.
        const bool writes = request.verb == "PUT" || request.verb == "DELETE";
        const bool release = Http::header(request.headers, "x-ms-lease-action") == "release";
        if (writes)
            QVERIFY2(url.contains(u"probe-UUID") || release, qPrintable(url));
        if (release)
            QCOMPARE(Http::header(request.headers, "x-ms-lease-id"), QByteArray("UUID"));
    }
}

QTEST_GUILESS_MAIN(ProbePlanTest)
#include "tst_probeplan.moc"
