#include "handover/snippets.h"

#include <QTest>

using namespace Handover;
using namespace Qt::StringLiterals;

/// Every language has both programs, and an account's name cannot break out of them.
class SnippetsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyLanguageHasBoth_data();
    void everyLanguageHasBoth();
    void anAccountStaysInItsLiteral_data();
    void anAccountStaysInItsLiteral();
};

void SnippetsTest::everyLanguageHasBoth_data()
{
    QTest::addColumn<QString>("id");
    for (const char *id : {"python", "javascript", "dotnet", "java", "go", "cpp"})
        QTest::newRow(id) << QString::fromLatin1(id);
    QCOMPARE(snippets().size(), 6);
}

void SnippetsTest::everyLanguageHasBoth()
{
    QFETCH(QString, id);
    const Snippet *snippet = findSnippet(id);
    QVERIFY(snippet);
    QVERIFY(!snippet->title.isEmpty() && !snippet->install.isEmpty());
    const QString account = u"https://proddata.blob.core.windows.net"_s;
    const QString byDefault = snippet->code(SnippetCredential::Default, account);
    const QString narrow = snippet->code(SnippetCredential::Environment, account);
    QVERIFY(byDefault.contains(u"DefaultAzureCredential") &&
            !byDefault.contains(u"EnvironmentCredential"));
    QVERIFY(narrow.contains(u"EnvironmentCredential") &&
            !narrow.contains(u"DefaultAzureCredential"));
    for (const QString &code : {byDefault, narrow}) {
        QVERIFY(code.contains(u'"' + account + u'"'));
        QVERIFY(!code.contains(u"{account}"));
    }
}

void SnippetsTest::anAccountStaysInItsLiteral_data()
{
    QTest::addColumn<QString>("account");
    for (const QString &account :
         {u"\"); evil(\""_s, u"https://x\\"_s, u"a\nb"_s, u"${x}"_s, QString()})
        QTest::addRow("%s", qPrintable(account)) << account;
}

void SnippetsTest::anAccountStaysInItsLiteral()
{
    QFETCH(QString, account);
    for (const Snippet &snippet : snippets())
        QVERIFY(snippet.code(SnippetCredential::Default, account)
                    .contains(u"\"https://ACCOUNT.blob.core.windows.net\""));
}

QTEST_GUILESS_MAIN(SnippetsTest)
#include "tst_snippets.moc"
