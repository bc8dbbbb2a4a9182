#include "handover/unitfiles.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Secret;
using Handover::GunicornService;

class UnitFilesTest : public QObject
{
    Q_OBJECT
private slots:
    void pointsGunicornAtTheFileAndHoldsNoVariable();
    void refusesWhatMeansSomethingInAUnit_data();
    void refusesWhatMeansSomethingInAUnit();
    void handsACertificateOverAsACredential();
    void refusesWhatTheSdksReadFromAVariableOnly_data();
    void refusesWhatTheSdksReadFromAVariableOnly();
    void needsACertificate();
    void encryptsUnderTheNameThatTheDropInAsksFor();
};

namespace {

GunicornService orders()
{
    return {.name = u"orders"_s,
            .application = u"orders.wsgi:app"_s,
            .user = u"www-data"_s,
            .directory = u"/srv/100%/orders"_s,
            .environmentFile = u"/etc/orders.env"_s};
}

EnvFile::Variables certificate()
{
    return {{"AZURE_TENANT_ID", Secret("the-tenant")},
            {"AZURE_CLIENT_CERTIFICATE_PATH", Secret("/tmp/readable.pem")},
            {"AZURE_AUTHORITY_HOST", Secret("https://login.microsoftonline.us")}};
}

} // namespace

void UnitFilesTest::pointsGunicornAtTheFileAndHoldsNoVariable()
{
    const auto unit = Handover::gunicornUnit(orders());
    QVERIFY(unit);
    for (const QByteArray line :
         {"User=www-data", "WorkingDirectory=/srv/100%%/orders", "EnvironmentFile=/etc/orders.env",
          "ExecStart=/usr/bin/gunicorn --bind 127.0.0.1:8000 orders.wsgi:app", "LimitCORE=0"})
        QVERIFY2(unit->split('\n').contains(line), line.constData());
    QVERIFY(!unit->contains("\nEnvironment="));
    GunicornService withDropIn = orders();
    withDropIn.environmentFile.clear();
    QCOMPARE(*Handover::gunicornUnit(withDropIn),
             QByteArray(*unit).replace("EnvironmentFile=/etc/orders.env\n", ""));
}

void UnitFilesTest::refusesWhatMeansSomethingInAUnit_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::newRow("a second line") << u"name"_s << u"a\nExecStartPre=/bin/id"_s;
    QTest::newRow("a blank in a path") << u"file"_s << u"/etc/my orders.env"_s;
    QTest::newRow("a pattern of files") << u"file"_s << u"/etc/*.env"_s;
    QTest::newRow("no absolute path") << u"file"_s << u"orders.env"_s;
    QTest::newRow("a missing file that is passed over") << u"file"_s << u"-/etc/orders.env"_s;
    QTest::newRow("a variable in the command") << u"application"_s << u"$APP"_s;
    QTest::newRow("an option for gunicorn") << u"application"_s << u"--reload"_s;
    QTest::newRow("a second command") << u"bind"_s << u"0.0.0.0:80 ; /bin/id"_s;
    QTest::newRow("root by number") << u"user"_s << u"0"_s;
    QTest::newRow("a line end in a folder") << u"directory"_s << u"/srv\n[Install]"_s;
    QTest::newRow("a program with arguments") << u"gunicorn"_s << u"/usr/bin/env gunicorn"_s;
    QTest::newRow("a line end at the end") << u"user"_s << u"www-data\n"_s;
}

void UnitFilesTest::refusesWhatMeansSomethingInAUnit()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    GunicornService service = orders();
    (field == u"name"          ? service.name
     : field == u"file"        ? service.environmentFile
     : field == u"application" ? service.application
     : field == u"bind"        ? service.bind
     : field == u"user"        ? service.user
     : field == u"directory"   ? service.directory
                               : service.gunicorn) = value;
    const auto unit = Handover::gunicornUnit(service);
    QVERIFY(!unit);
    QCOMPARE(unit.error().kind, Error::Kind::InvalidInput);
    QVERIFY(!unit.error().nextStep.isEmpty());
}

void UnitFilesTest::handsACertificateOverAsACredential()
{
    const auto dropIn =
        Handover::encryptedCertificateDropIn(certificate(), u"/etc/credstore.encrypted/50%.pem"_s);
    QVERIFY(dropIn);
    QCOMPARE(*dropIn, "[Service]\n"
                      "Environment=\"AZURE_TENANT_ID=the-tenant\"\n"
                      "Environment=\"AZURE_AUTHORITY_HOST=https://login.microsoftonline.us\"\n"
                      "Environment=\"AZURE_CLIENT_CERTIFICATE_PATH="
                      "%d/azure-client-certificate.pem\"\n"
                      "LoadCredentialEncrypted=azure-client-certificate.pem:"
                      "/etc/credstore.encrypted/50%%.pem\n");
}

void UnitFilesTest::refusesWhatTheSdksReadFromAVariableOnly_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("a client secret") << QByteArray("AZURE_CLIENT_SECRET");
    QTest::newRow("a passphrase") << QByteArray("AZURE_CLIENT_CERTIFICATE_PASSWORD");
}

void UnitFilesTest::refusesWhatTheSdksReadFromAVariableOnly()
{
    QFETCH(QByteArray, name);
    EnvFile::Variables variables = certificate();
    variables.append({name, Secret("mark3r")});
    const auto dropIn =
        Handover::encryptedCertificateDropIn(variables, Handover::defaultCredentialFile());
    QVERIFY(!dropIn);
    QCOMPARE(dropIn.error().kind, Error::Kind::Unsupported);
    QVERIFY(dropIn.error().message.contains(QString::fromLatin1(name)));
    QVERIFY(!Core::describe(dropIn.error()).contains(u"mark3r"));
}

void UnitFilesTest::needsACertificate()
{
    const auto dropIn = Handover::encryptedCertificateDropIn({{"AZURE_TENANT_ID", Secret("t")}},
                                                             Handover::defaultCredentialFile());
    QVERIFY(!dropIn);
    QVERIFY(dropIn.error().nextStep.contains(u"systemd-envfile"));
}

void UnitFilesTest::encryptsUnderTheNameThatTheDropInAsksFor()
{
    const QStringList command = Handover::encryptCommand(u"/tmp/other-name"_s);
    QVERIFY(command.contains(u"--name=azure-client-certificate.pem"_s));
    QCOMPARE(command.last(), u"/tmp/other-name"_s);
    QVERIFY(command.contains(u"-"_s)); // the certificate's only way in is a pipe
}

QTEST_GUILESS_MAIN(UnitFilesTest)
#include "tst_unitfiles.moc"
