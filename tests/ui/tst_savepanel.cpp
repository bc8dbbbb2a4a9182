#include "ui/handover/savepanel.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Ui;
using namespace Qt::StringLiterals;

/// What is said before secrets are written, with real folders, links and git.
class SavePanelTest : public QObject
{
    Q_OBJECT
private slots:
    void writesWhereNothingSpeaksAgainstIt();
    void asksBeforeAWorkTreeThatDoesNotIgnoreIt();
    void saysWhatAnOldFileWouldLose();
    void leavesEverythingWhenTheAnswerIsNo();
    void refusesAForeignLink();
    void makesAFolderOfItsOwn();

private:
    QTemporaryDir m_folder;
};

namespace {

const EnvFile::Variables variables{{"AZURE_CLIENT_ID", Core::Secret("new-client")},
                                   {"AZURE_CLIENT_SECRET", Core::Secret("new~secret")}};

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

struct Saving
{
    SavePanel panel;
    int done = 0;
    Core::Result<void> result;

    void start(const QString &path, const QString &format = u"shell"_s)
    {
        panel.save(path, SavePanel::environmentFile(*EnvFile::findFormat(format), variables),
                   [this](const Core::Result<void> &written) {
                       ++done;
                       result = written;
                   });
    }
    QString warnings() const { return panel.findChild<QLabel *>(u"saveWarnings"_s)->text(); }
    void press(const QString &button) { panel.findChild<QAbstractButton *>(button)->click(); }
};

} // namespace

void SavePanelTest::writesWhereNothingSpeaksAgainstIt()
{
    Saving saving;
    const QString path = m_folder.filePath(u"plain.sh"_s);
    saving.start(path);
    QTRY_COMPARE(saving.done, 1);
    QVERIFY(saving.result);
    QVERIFY(saving.panel.isHidden());
    QVERIFY(contents(path).contains("new~secret"));
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void SavePanelTest::asksBeforeAWorkTreeThatDoesNotIgnoreIt()
{
    const QString tree = m_folder.filePath(u"tree"_s);
    QVERIFY(QDir().mkpath(tree));
    QCOMPARE(QProcess::execute(u"git"_s, {u"init"_s, u"-q"_s, tree}), 0);
    const QString path = tree + u"/orders.sh"_s;
    Saving saving;
    saving.start(path);
    QTRY_VERIFY(!saving.panel.isHidden());
    QVERIFY2(saving.warnings().contains(u".gitignore"), qPrintable(saving.warnings()));
    QVERIFY(!QFile::exists(path));
    saving.press(u"saveAnywayButton"_s);
    QTRY_COMPARE(saving.done, 1);
    QVERIFY(saving.result && QFile::exists(path) && saving.panel.isHidden());

    write(tree + u"/.gitignore"_s, "ignored.sh\n");
    Saving ignored;
    ignored.start(tree + u"/ignored.sh"_s);
    QTRY_COMPARE(ignored.done, 1);
    QVERIFY(ignored.panel.isHidden());
}

void SavePanelTest::saysWhatAnOldFileWouldLose()
{
    const QString path = m_folder.filePath(u"old.sh"_s);
    write(path, "export AZURE_CLIENT_ID='new-client'\nexport AZURE_CLIENT_SECRET='old~one'\n"
                "export DATABASE='mine'\n");
    Saving saving;
    saving.start(path);
    QTRY_VERIFY(!saving.panel.isHidden());
    const QString said = saving.warnings();
    QVERIFY2(said.contains(u"~ AZURE_CLIENT_SECRET") && said.contains(u"- DATABASE"),
             qPrintable(said));
    QVERIFY2(!said.contains(u"AZURE_CLIENT_ID"), "what stays the same is no difference");
    QVERIFY(!said.contains(u"old~one") && !said.contains(u"new~secret") && !said.contains(u"mine"));
    for (const QLabel *label : saving.panel.findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
}

void SavePanelTest::leavesEverythingWhenTheAnswerIsNo()
{
    const QString path = m_folder.filePath(u"kept.sh"_s);
    write(path, "export MINE='yes'\n");
    Saving saving;
    saving.start(path);
    QTRY_VERIFY(!saving.panel.isHidden());
    saving.press(u"doNotSaveButton"_s);
    QVERIFY(saving.panel.isHidden());
    QTest::qWait(50);
    QCOMPARE(saving.done, 0);
    QCOMPARE(contents(path), "export MINE='yes'\n");
}

void SavePanelTest::refusesAForeignLink()
{
    const QString elsewhere = m_folder.filePath(u"elsewhere"_s);
    QVERIFY(QDir().mkpath(elsewhere));
    QVERIFY(QFile::link(elsewhere, m_folder.filePath(u"link"_s)));
    Saving saving;
    saving.start(m_folder.filePath(u"link/orders.sh"_s));
    QTRY_COMPARE(saving.done, 1);
    QVERIFY(!saving.result);
    QVERIFY2(saving.result.error().message.contains(u"link"),
             qPrintable(saving.result.error().message));
    QVERIFY(QDir(elsewhere).isEmpty());
}

void SavePanelTest::makesAFolderOfItsOwn()
{
    const QString path = m_folder.filePath(u"env"_s);
    Saving saving;
    saving.start(path, u"envdir"_s);
    QTRY_COMPARE(saving.done, 1);
    QVERIFY2(saving.result, qPrintable(saving.result ? QString() : saving.result.error().message));
    QCOMPARE(QDir(path).entryList(QDir::Files),
             (QStringList{u"AZURE_CLIENT_ID"_s, u"AZURE_CLIENT_SECRET"_s}));
    QCOMPARE(contents(path + u"/AZURE_CLIENT_SECRET"_s), "new~secret\n");
}

QTEST_MAIN(SavePanelTest)
#include "tst_savepanel.moc"
