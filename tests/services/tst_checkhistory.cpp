#include "services/checkhistory.h"
#include "support/reports.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using enum Access::Observation;
using Identity::ServicePrincipal;
using Services::CheckHistory;
using Test::cell;
using Test::report;

class CheckHistoryTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void knowsNothingBeforeTheFirstCheck();
    void saysWhatChangedSinceTheLast();
    void keepsPrincipalsAndAccountsApart();
    void writesForTheOwnerOnly();
    void addsAPartialCheckToTheWhole();
    void movesADamagedFileAside();
    void saysThatItMovedADamagedFile_data();
    void saysThatItMovedADamagedFile();
    void leavesTheCheckOfANewerVersion();
    void forgetsOnePrincipalOnly();
    void doesNotLeaveItsFolder();
    void saysWhyItCannotWrite();

private:
    QString folder() const { return m_folder->path() + u"/config"_s; }
    QStringList files() const { return QDir(folder() + u"/checks"_s).entryList(QDir::Files); }
    CheckHistory history() const { return CheckHistory(folder()); }

    std::unique_ptr<QTemporaryDir> m_folder;
    ServicePrincipal m_orders;
};

void CheckHistoryTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_orders.id = u"11111111-2222-4333-8444-555555555555"_s;
    m_orders.name = u"orders"_s;
}

void CheckHistoryTest::knowsNothingBeforeTheFirstCheck()
{
    const auto last = history().last(m_orders, report({}).account);
    QVERIFY(last.has_value());
    QVERIFY(!last->has_value());
    QVERIFY(!QDir(folder()).exists());
    const auto kept = history().keep(m_orders, report({cell(u"a"_s, u"blob.read"_s, Allowed)}));
    QVERIFY(kept.has_value());
    QVERIFY(!kept->has_value());
}

void CheckHistoryTest::saysWhatChangedSinceTheLast()
{
    const AccessReport first = report({cell(u"a"_s, u"blob.read"_s, Allowed)});
    AccessReport second = report({cell(u"a"_s, u"blob.read"_s, Denied)});
    second.startedAt = first.startedAt.addSecs(3600);
    second.account = QUrl(u"https://contosoprod.blob.core.windows.net/"_s); // the same account
    QVERIFY(history().keep(m_orders, first).has_value());
    const auto drift = history().keep(m_orders, second);
    QVERIFY(drift.has_value() && drift->has_value());
    QCOMPARE((*drift)->since, first.startedAt);
    QCOMPARE((*drift)->changes, (QList<Access::Change>{{u"a"_s, u"blob.read"_s, Allowed, Denied}}));
    const auto last = history().last(m_orders, first.account);
    QVERIFY(last.has_value() && last->has_value());
    QCOMPARE((*last)->startedAt, second.startedAt);
    QCOMPARE((*last)->cells[0].observed, Denied);
}

void CheckHistoryTest::keepsPrincipalsAndAccountsApart()
{
    ServicePrincipal other = m_orders;
    other.id = u"99999999-2222-4333-8444-555555555555"_s;
    AccessReport elsewhere = report({cell(u"a"_s, u"blob.read"_s, Denied)});
    elsewhere.account = QUrl(u"https://contosotest.blob.core.windows.net"_s);
    QVERIFY(history().keep(m_orders, report({cell(u"a"_s, u"blob.read"_s, Allowed)})).has_value());
    QVERIFY(!history().keep(m_orders, elsewhere)->has_value());
    QVERIFY(!history().keep(other, report({cell(u"a"_s, u"blob.read"_s, Denied)}))->has_value());
    QCOMPARE(files().size(), 3);
}

void CheckHistoryTest::writesForTheOwnerOnly()
{
    const mode_t before = umask(0);
    QVERIFY(history().keep(m_orders, report({})).has_value());
    umask(before);
    struct stat status = {};
    for (const QString &name : {folder(), folder() + u"/checks"_s}) {
        QCOMPARE(::stat(QFile::encodeName(name).constData(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0700));
    }
    QCOMPARE(files().size(), 1);
    QCOMPARE(::stat(QFile::encodeName(folder() + u"/checks/"_s + files()[0]).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0600));
}

void CheckHistoryTest::addsAPartialCheckToTheWhole()
{
    AccessReport partial = report({cell(u"b"_s, u"blob.read"_s, Denied)});
    partial.allContainers = false;
    QVERIFY(history().keep(m_orders, report({cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"b"_s, u"blob.read"_s, Allowed)})).has_value());
    QCOMPARE((*history().keep(m_orders, partial))->changes.size(), 1);
    const auto drift = history().keep(m_orders, report({cell(u"a"_s, u"blob.read"_s, Denied), cell(u"b"_s, u"blob.read"_s, Denied)}));
    QCOMPARE((*drift)->changes, (QList<Access::Change>{{u"a"_s, u"blob.read"_s, Allowed, Denied}}));
}

void CheckHistoryTest::movesADamagedFileAside()
{
    QVERIFY(history().keep(m_orders, report({})).has_value());
    const QString path = folder() + u"/checks/"_s + files()[0];
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"cells\": 3}") > 0);
    file.close();
    const auto last = history().last(m_orders, report({}).account);
    QVERIFY(!last.has_value());
    QCOMPARE(last.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY(last.error().message.contains(path));
    const auto kept = history().keep(m_orders, report({}));
    QVERIFY(kept.has_value() && !kept->has_value());
    QVERIFY(QFile::exists(path + u".damaged"_s));
    QVERIFY(history().last(m_orders, report({}).account)->has_value());
}

void CheckHistoryTest::saysThatItMovedADamagedFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut off") << QByteArray("{\"cells\":[");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("cells are an object") << QByteArray(R"({"cells":{},"summary":{"complete":true}})");
    QTest::newRow("a number as principal") << QByteArray(R"({"principal":3,"cells":[],"summary":{"complete":true}})");
    QTest::newRow("a text as complete") << QByteArray(R"({"cells":[],"summary":{"complete":"true"}})");
    QTest::newRow("cells twice") << QByteArray(R"({"cells":[],"cells":[],"summary":{"complete":true}})");
}

void CheckHistoryTest::saysThatItMovedADamagedFile()
{
    QFETCH(QByteArray, text);
    QString said;
    QVERIFY(history().keep(m_orders, report({}), &said).has_value());
    QVERIFY(said.isEmpty());
    const QString path = folder() + u"/checks/"_s + files()[0];
    for (const QString &aside : {path + u".damaged"_s, path + u".damaged-2"_s}) { // what was set aside before stays
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        said.clear();
        QVERIFY(history().keep(m_orders, report({}), &said).has_value());
        QVERIFY2(said.contains(path) && said.contains(aside), qPrintable(said));
        QFile kept(aside);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), text);
    }
    QVERIFY(history().last(m_orders, report({}).account)->has_value());
}

void CheckHistoryTest::leavesTheCheckOfANewerVersion()
{
    QVERIFY(history().keep(m_orders, report({})).has_value());
    const QString path = folder() + u"/checks/"_s + files()[0];
    const QByteArray text = R"({"version":2,"cells":[],"summary":{"complete":true}})";
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
    file.close();
    QString said;
    const auto kept = history().keep(m_orders, report({}), &said);
    QVERIFY(!kept.has_value());
    QVERIFY(kept.error().message.contains(path) && kept.error().message.contains(u"newer"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), text);
}

void CheckHistoryTest::forgetsOnePrincipalOnly()
{
    ServicePrincipal other = m_orders;
    other.id = u"11111111-2222-4333-8444-55555555555"_s; // one character less
    QVERIFY(history().keep(m_orders, report({})).has_value());
    QVERIFY(history().keep(other, report({})).has_value());
    history().forget(other.id);
    QCOMPARE(files().size(), 1);
    QVERIFY(history().last(m_orders, report({}).account)->has_value());
}

void CheckHistoryTest::doesNotLeaveItsFolder()
{
    m_orders.id = u"../../out*side"_s;
    QVERIFY(history().keep(m_orders, report({})).has_value());
    QCOMPARE(files().size(), 1);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::NoDotAndDotDot | QDir::AllEntries), QStringList{u"config"_s});
}

void CheckHistoryTest::saysWhyItCannotWrite()
{
    QFile file(folder());
    QVERIFY(file.open(QIODevice::WriteOnly)); // a file where the folder should be
    const auto kept = history().keep(m_orders, report({}));
    QVERIFY(!kept.has_value());
    QCOMPARE(kept.error().kind, Core::Error::Kind::File);
    QVERIFY(!kept.error().nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(CheckHistoryTest)
#include "tst_checkhistory.moc"
