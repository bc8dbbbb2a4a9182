#include "ui/handover/codepanel.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProcess>
#include <QTest>

using namespace Ui;
using namespace Qt::StringLiterals;

/// The code and the command lines that stand beside the file on the Hand-over page.
class CodePanelTest : public QObject
{
    Q_OBJECT
private slots:
    void showsTheCodeForThePrincipalsAccount();
    void namesThePrincipalAsAShellReadsIt_data();
    void namesThePrincipalAsAShellReadsIt();
};

namespace {

Identity::ServicePrincipal principal(const QString &name)
{
    Identity::ServicePrincipal one;
    one.name = name;
    one.accounts = {QUrl(u"https://proddata.blob.core.windows.net"_s),
                    QUrl(u"https://older.blob.core.windows.net"_s)};
    return one;
}

} // namespace

void CodePanelTest::showsTheCodeForThePrincipalsAccount()
{
    CodePanel panel;
    auto *language = panel.findChild<QComboBox *>(u"snippetLanguage"_s);
    auto *credential = panel.findChild<QComboBox *>(u"snippetCredential"_s);
    auto *code = panel.findChild<QPlainTextEdit *>(u"snippetCode"_s);
    auto *install = panel.findChild<QLabel *>(u"snippetInstall"_s);
    QCOMPARE(language->count(), 6);
    QVERIFY(code->toPlainText().contains(u"https://ACCOUNT.blob"));
    panel.setPrincipal(principal(u"orders"_s));
    QVERIFY(code->toPlainText().contains(u"\"https://proddata.blob.core.windows.net\""));
    QVERIFY(install->text().startsWith(u"pip install"));
    credential->setCurrentIndex(1);
    language->setCurrentIndex(language->findData(u"go"_s));
    QVERIFY(code->toPlainText().contains(u"NewEnvironmentCredential") &&
            install->text().startsWith(u"go get"));
    QCOMPARE(install->textFormat(), Qt::PlainText);
}

void CodePanelTest::namesThePrincipalAsAShellReadsIt_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"orders-api"_s, u"two words"_s, u"it's; rm -rf \"$HOME\""_s,
                                u"<b>bold</b>"_s, u"日本語"_s, u"a\\b`c`"_s})
        QTest::addRow("%s", qPrintable(name)) << name;
}

void CodePanelTest::namesThePrincipalAsAShellReadsIt()
{
    QFETCH(QString, name);
    ExecPanel panel;
    panel.setPrincipal(principal(name));
    for (const char *label : {"execEnvironment", "execEndpoint"}) {
        auto *line = panel.findChild<QLabel *>(QString::fromLatin1(label));
        QCOMPARE(line->textFormat(), Qt::PlainText);
        QProcess shell;
        shell.start(
            u"sh"_s,
            {u"-c"_s, u"rolescope() { printf %s \"$2\"; }\n"_s +
                          QString(line->text()).replace(u"rolescope-cli"_s, u"rolescope"_s)});
        QVERIFY(shell.waitForFinished(10'000));
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), name);
    }
}

QTEST_MAIN(CodePanelTest)
#include "tst_codepanel.moc"
