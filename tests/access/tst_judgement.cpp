#include "access/judgement.h"
#include "support/recordings.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::ProbeStep;

class JudgementTest : public QObject
{
    Q_OBJECT
private slots:
    void readsEachProbesAnswer_data();
    void readsEachProbesAnswer();
    void tellsCausesApart_data();
    void tellsCausesApart();
    void takesAuthorizationFailureForARoleOnceTheNetworkPassed();
    void neverTakesAWebPageForSuccess();
    void namesTheSmallestRole();
    void judgesATransportError_data();
    void judgesATransportError();
};

namespace {

ProbeStep step(const QString &id)
{
    for (const Access::Probe &probe : Access::defaultProbes()) {
        if (probe.id == id)
            return {&probe, probe.level == Access::Probe::Level::Container ? u"con"_s : QString()};
    }
    return {};
}

Http::Response answer(int status, const QByteArray &code, bool fromService = true)
{
    Http::Response response;
    response.status = status;
    response.headers = {{"x-ms-request-id", "r"}, {"Server", fromService ? "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0" : "Microsoft-HTTPAPI/2.0"}};
    if (fromService)
        response.headers.emplaceBack("x-ms-version", "2023-11-03");
    if (!code.isEmpty())
        response.headers.emplaceBack("x-ms-error-code", code);
    return response;
}

} // namespace

void JudgementTest::readsEachProbesAnswer_data()
{
    QTest::addColumn<QString>("probe");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("observed");
    const int yes = static_cast<int>(Observation::Allowed);
    const int no = static_cast<int>(Observation::Denied);
    const int open = static_cast<int>(Observation::Undecided);
    for (const Access::Probe &probe : Access::defaultProbes()) {
        const QByteArray id = probe.id.toLatin1();
        for (const QString &pattern : probe.allowedWhen)
            QTest::addRow("%s %s", id.constData(), qPrintable(pattern)) << probe.id << pattern.section(u' ', 0, 0).toInt() << pattern.section(u' ', 1).toLatin1() << yes;
        QTest::addRow("%s refused", id.constData()) << probe.id << 403 << QByteArray("AuthorizationPermissionMismatch") << no;
        QTest::addRow("%s 400", id.constData()) << probe.id << 400 << QByteArray("InvalidHeaderValue") << open;
        QTest::addRow("%s 500", id.constData()) << probe.id << 500 << QByteArray("InternalError") << open;
        QTest::addRow("%s key", id.constData()) << probe.id << 403 << QByteArray("KeyBasedAuthenticationNotPermitted") << open;
        QTest::addRow("%s 409", id.constData()) << probe.id << 409 << QByteArray("ContainerBeingDeleted") << open;
    }
    QTest::newRow("a 404 of the container says nothing about blobs") << u"blob-read-missing"_s << 404 << QByteArray("ContainerNotFound") << open;
    QTest::newRow("a write that succeeded was not expected") << u"blob-write-missing"_s << 200 << QByteArray() << open;
}

void JudgementTest::readsEachProbesAnswer()
{
    QFETCH(QString, probe);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QFETCH(int, observed);
    const Cell cell = Access::judge(step(probe), answer(status, code), true);
    QCOMPARE(static_cast<int>(cell.observed), observed);
    QCOMPARE(cell.evidence.status, status);
    QCOMPARE(cell.evidence.requestId, u"r"_s);
    QCOMPARE(cell.finding.has_value(), cell.observed != Observation::Allowed);
    if (cell.finding)
        QVERIFY(!cell.finding->cause.isEmpty());
}

void JudgementTest::tellsCausesApart_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<int>("observed");
    const int no = static_cast<int>(Observation::Denied);
    const int open = static_cast<int>(Observation::Undecided);
    QTest::newRow("a missing role") << u"err-403-authorizationpermissionmismatch-list-blobs-oauth.json"_s << u"missing-role"_s << no;
    QTest::newRow("a firewall") << u"err-403-authorizationfailure-firewall.json"_s << u"firewall"_s << open;
    QTest::newRow("a wrong audience") << u"err-401-invalidauthenticationinfo-audience.json"_s << u"wrong-audience"_s << open;
    QTest::newRow("a wrong tenant") << u"err-401-invalidauthenticationinfo-issuer.json"_s << u"wrong-tenant"_s << open;
    QTest::newRow("an expired token") << u"err-403-authenticationfailed-lifetime-older-api.json"_s << u"token-expired"_s << open;
    QTest::newRow("no token") << u"err-409-publicaccessnotpermitted.json"_s << u"no-token"_s << open;
    QTest::newRow("keys only") << u"err-403-keybasedauthenticationnotpermitted.json"_s << u"key-refused"_s << open;
    QTest::newRow("throttling") << u"err-503-serverbusy-put.json"_s << u"throttled"_s << open;
    QTest::newRow("a container that is not there") << u"err-404-containernotfound-get.json"_s << u"unknown-container"_s << open;
}

void JudgementTest::tellsCausesApart()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, file);
    QFETCH(QString, finding);
    QFETCH(int, observed);
    const Http::Response response = Test::recording(u"blob"_s, file).constLast().response;
    // The firewall's answer has its own form, whatever passed before.
    for (const bool passed : {false, true}) {
        const Cell cell = Access::judge(step(u"list-blobs"_s), response, passed);
        QVERIFY(cell.finding);
        QCOMPARE(cell.finding->id, finding);
        QCOMPARE(static_cast<int>(cell.observed), observed);
    }
}

void JudgementTest::takesAuthorizationFailureForARoleOnceTheNetworkPassed()
{
    const Http::Response response = answer(403, "AuthorizationFailure");
    QCOMPARE(Access::judge(step(u"container-write-missing"_s), response, false).observed, Observation::Undecided);
    QCOMPARE(Access::judge(step(u"container-write-missing"_s), response, true).observed, Observation::Denied);
    QVERIFY(Access::passedNetwork(answer(404, "BlobNotFound")));
    QVERIFY(Access::passedNetwork(answer(403, "AuthorizationPermissionMismatch")));
    QVERIFY(!Access::passedNetwork(response));
    QVERIFY(!Access::passedNetwork(answer(401, "InvalidAuthenticationInfo")));
    QVERIFY(!Access::passedNetwork(answer(409, "PublicAccessNotPermitted")));
}

void JudgementTest::neverTakesAWebPageForSuccess()
{
    Http::Response page;
    page.status = 200;
    page.headers = {{"Content-Type", "text/html"}, {"Server", "nginx"}};
    page.body = "<html>Please sign in to the guest network</html>";
    const Cell cell = Access::judge(step(u"list-blobs"_s), page, true);
    QCOMPARE(cell.observed, Observation::Undecided);
    QCOMPARE(cell.finding->id, u"not-storage"_s);
}

void JudgementTest::namesTheSmallestRole()
{
    const auto finding = [](const QString &id) { return *Access::judge(step(id), answer(403, "AuthorizationPermissionMismatch"), true).finding; };
    QVERIFY(finding(u"list-blobs"_s).nextStep.contains(u"Storage Blob Data Reader"));
    QVERIFY(finding(u"blob-write-missing"_s).nextStep.contains(u"Storage Blob Data Contributor"));
    QVERIFY(finding(u"blob-tags-write-missing"_s).nextStep.contains(u"Storage Blob Data Owner"));
    QVERIFY(finding(u"list-blobs"_s).command.contains(u"--role 'Storage Blob Data Reader'"));
    QVERIFY(finding(u"list-blobs"_s).command.contains(u"containers/con"));
    QVERIFY(finding(u"account-info"_s).command.isEmpty());
}

void JudgementTest::judgesATransportError_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("finding");
    using Kind = Core::Error::Kind;
    QTest::newRow("no such host") << static_cast<int>(Kind::Network) << u"HostNotFound"_s << u"unknown-account"_s;
    QTest::newRow("no name server") << static_cast<int>(Kind::Network) << u"NameNotResolved"_s << u"name-not-resolved"_s;
    QTest::newRow("refused") << static_cast<int>(Kind::Network) << u"ConnectionRefused"_s << u"unreachable"_s;
    QTest::newRow("TLS") << static_cast<int>(Kind::Tls) << u"TlsFailed"_s << u"tls"_s;
    QTest::newRow("timeout") << static_cast<int>(Kind::Timeout) << u"Timeout"_s << u"timeout"_s;
    QTest::newRow("cut off") << static_cast<int>(Kind::BadResponse) << u"CutOff"_s << u"no-answer"_s;
}

void JudgementTest::judgesATransportError()
{
    QFETCH(int, kind);
    QFETCH(QString, code);
    QFETCH(QString, finding);
    const Cell cell = Access::judge(step(u"list-blobs"_s), Core::Error{.kind = static_cast<Core::Error::Kind>(kind), .message = u"m"_s, .code = code});
    QCOMPARE(cell.observed, Observation::Undecided);
    QCOMPARE(cell.finding->id, finding);
    QCOMPARE(Access::concernsWholeAccount(*cell.finding), finding != u"no-answer");
}

QTEST_GUILESS_MAIN(JudgementTest)
#include "tst_judgement.moc"
