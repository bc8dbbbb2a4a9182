#include "storage/localname.h"

#include <QTest>

using namespace Qt::StringLiterals;

class LocalNameTest : public QObject
{
    Q_OBJECT
private slots:
    void staysInTheFolder_data();
    void staysInTheFolder();
    void isShortEnough();
};

void LocalNameTest::staysInTheFolder_data()
{
    QTest::addColumn<QString>("blob");
    QTest::addColumn<QString>("file");
    QTest::newRow("plain") << u"a/b/report.pdf"_s << u"report.pdf"_s;
    QTest::newRow("upwards") << u"../../etc/passwd"_s << u"passwd"_s;
    QTest::newRow("only upwards") << u"a/.."_s << u"blob"_s;
    QTest::newRow("folder") << u"a/"_s << u"blob"_s;
    QTest::newRow("absolute") << u"/etc/shadow"_s << u"shadow"_s;
    QTest::newRow("backslashes") << u"..\\\\..\\\\x.txt"_s << u"_..__..__x.txt"_s;
    QTest::newRow("drive") << u"C:x.txt"_s << u"C_x.txt"_s;
    QTest::newRow("stream") << u"a.txt:hidden"_s << u"a.txt_hidden"_s;
    QTest::newRow("device") << u"NUL"_s << u"_NUL"_s;
    QTest::newRow("device with an ending") << u"com1.txt"_s << u"_com1.txt"_s;
    QTest::newRow("no device") << u"console.txt"_s << u"console.txt"_s;
    QTest::newRow("trailing dot and blank") << u"a.txt. ."_s << u"a.txt"_s;
    QTest::newRow("hidden") << u"x/.bashrc"_s << u"_.bashrc"_s;
    QTest::newRow("like an option") << u"-rf"_s << u"_-rf"_s;
    QTest::newRow("turned reading") << u"photo\u202egpj.exe"_s << u"photogpj.exe"_s;
    QTest::newRow("line feed") << u"a\nb"_s << u"ab"_s;
    QTest::newRow("decomposed") << u"u\u0308.txt"_s << u"\u00fc.txt"_s;
    QTest::newRow("nothing") << QString() << u"blob"_s;
}

void LocalNameTest::staysInTheFolder()
{
    QFETCH(QString, blob);
    QFETCH(QString, file);
    QCOMPARE(Storage::localFileName(blob), file);
}

void LocalNameTest::isShortEnough()
{
    const QString name = Storage::localFileName(QString(300, u'\u20ac') + u".json"_s);
    QVERIFY(name.toUtf8().size() <= 200);
    QVERIFY(name.endsWith(u".json"));
}

QTEST_MAIN(LocalNameTest)
#include "tst_localname.moc"
