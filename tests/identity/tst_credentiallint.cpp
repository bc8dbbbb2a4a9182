#include "identity/credentiallint.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;

class CredentialLintTest : public QObject
{
    Q_OBJECT
private slots:
    void findsWhatIsWrong_data();
    void findsWhatIsWrong();
    void saysNothingOfAnEmptyForm();
    void neverQuotesTheSecret();
    void cleansWhatCopyingAdds_data();
    void cleansWhatCopyingAdds();
    void knowsDomains_data();
    void knowsDomains();
};

namespace {

const QString tenant = u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s;
const QString client = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
const QString other = u"99990000-aaaa-2222-bbbb-3333cccc4444"_s;
const QString good = u"Zq78Q~FAKE~not_a-real.secret~0000abcdefg"_s;

} // namespace

void CredentialLintTest::findsWhatIsWrong_data()
{
    QTest::addColumn<QString>("t");
    QTest::addColumn<QString>("c");
    QTest::addColumn<QString>("s");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("nothing") << tenant << client << good << QStringList();
    QTest::newRow("a tenant by domain") << u"contoso.onmicrosoft.com"_s << client << good << QStringList();
    QTest::newRow("the secret's ID") << tenant << client << other << QStringList{u"secret-is-guid"_s};
    QTest::newRow("the client ID again") << tenant << client << client << QStringList{u"secret-is-guid"_s};
    QTest::newRow("cut off") << tenant << client << good.left(33) << QStringList{u"secret-length"_s};
    QTest::newRow("masked by the portal") << tenant << client << u"Zq7******************"_s << QStringList{u"secret-masked"_s};
    QTest::newRow("blank around") << tenant << client << u' ' + good << QStringList{u"stray-characters"_s};
    QTest::newRow("carriage return") << tenant << client << good + u'\r' << QStringList{u"stray-characters"_s};
    QTest::newRow("quotes") << tenant << client << u'"' + good + u'"' << QStringList{u"stray-characters"_s};
    QTest::newRow("byte order mark") << QChar(0xFEFF) + tenant << client << good << QStringList{u"stray-characters"_s};
    QTest::newRow("swapped with a domain") << client << u"contoso.onmicrosoft.com"_s << good << QStringList{u"swapped"_s};
    QTest::newRow("pasted twice") << client << client << good << QStringList{u"same-as-tenant"_s};
    QTest::newRow("common") << u"common"_s << client << good << QStringList{u"tenant-is-shared"_s};
    QTest::newRow("a URL") << u"https://login.microsoftonline.com/"_s + tenant << client << good << QStringList{u"tenant-is-url"_s};
    QTest::newRow("not a GUID") << u"tenant"_s << u"client"_s << good << QStringList{u"tenant-form"_s, u"client-form"_s};
    QTest::newRow("a GUID with a digit missing") << tenant.left(35) << client << good << QStringList{u"tenant-form"_s};
    QTest::newRow("a whole JSON in the secret") << tenant << client << u"{\"appId\":\"x\"}"_s << QStringList{u"whole-paste"_s};
    QTest::newRow("a whole line in the secret") << tenant << client << u"AZURE_CLIENT_SECRET=x"_s << QStringList{u"whole-paste"_s};
    QTest::newRow("short") << tenant << client << u"hunter2"_s << QStringList{u"secret-short"_s};
    QTest::newRow("only a secret") << QString() << QString() << other << QStringList{u"secret-is-guid"_s};
}

void CredentialLintTest::findsWhatIsWrong()
{
    QFETCH(QString, t);
    QFETCH(QString, c);
    QFETCH(QString, s);
    QFETCH(QStringList, ids);
    QStringList found;
    for (const Identity::LintFinding &finding : Identity::lint({t, c, Secret(s.toUtf8())})) {
        found.append(finding.id);
        QVERIFY(!finding.message.isEmpty());
    }
    QCOMPARE(found, ids);
}

void CredentialLintTest::saysNothingOfAnEmptyForm()
{
    QVERIFY(Identity::lint({}).isEmpty());
}

void CredentialLintTest::neverQuotesTheSecret()
{
    for (const QString &text : {u"mark3r"_s, u"{mark3r"_s, u"mark3r AZURE_"_s, u" mark3r"_s, u"mark3r***"_s, u"a b mark3r"_s}) {
        for (const Identity::LintFinding &finding : Identity::lint({tenant, client, Secret(text.toUtf8())}))
            QVERIFY(!finding.message.contains(u"mark3r"));
    }
}

void CredentialLintTest::cleansWhatCopyingAdds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("plain") << good << good;
    QTest::newRow("blanks") << u" \t"_s + good + u" \n"_s << good;
    QTest::newRow("double quotes") << u'"' + good + u'"' << good;
    QTest::newRow("typographic quotes") << QChar(0x201C) + good + QChar(0x201D) << good;
    QTest::newRow("zero width") << good.left(5) + QChar(0x200B) + good.mid(5) << good;
    QTest::newRow("a lone quote inside stays") << u"a\"b"_s << u"a\"b"_s;
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("only quotes") << u"\"\""_s << QString();
}

void CredentialLintTest::cleansWhatCopyingAdds()
{
    QFETCH(QString, text);
    QFETCH(QString, clean);
    QCOMPARE(Identity::cleaned(text), clean);
    QCOMPARE(Identity::cleaned(Identity::cleaned(text)), clean);
}

void CredentialLintTest::knowsDomains_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("is");
    QTest::newRow("onmicrosoft") << u"contoso.onmicrosoft.com"_s << true;
    QTest::newRow("own") << u"example.org"_s << true;
    QTest::newRow("one label") << u"contoso"_s << false;
    QTest::newRow("trailing dot") << u"contoso.com."_s << false;
    QTest::newRow("a path") << u"contoso.com/x"_s << false;
    QTest::newRow("an address") << u"10.0.0.1"_s << false;
    QTest::newRow("path traversal") << u"../x"_s << false;
}

void CredentialLintTest::knowsDomains()
{
    QFETCH(QString, text);
    QFETCH(bool, is);
    QCOMPARE(Identity::isDomainName(text), is);
}

QTEST_GUILESS_MAIN(CredentialLintTest)
#include "tst_credentiallint.moc"
