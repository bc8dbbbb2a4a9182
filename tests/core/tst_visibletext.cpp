#include "core/visibletext.h"

#include <QTest>

using namespace Qt::StringLiterals;

class VisibleTextTest : public QObject
{
    Q_OBJECT
private slots:
    void writesOutWhatIsHidden_data();
    void writesOutWhatIsHidden();
    void leavesTheRestAlone();
    void keepsWhatIsAskedFor();
    void makesOneLine();
};

void VisibleTextTest::writesOutWhatIsHidden_data()
{
    QTest::addColumn<uint>("first");
    QTest::addColumn<uint>("last");
    QTest::newRow("C0") << 0u << 0x1Fu;
    QTest::newRow("DEL and C1") << 0x7Fu << 0x9Fu;
    QTest::newRow("soft hyphen") << 0xADu << 0xADu;
    QTest::newRow("Arabic letter mark") << 0x61Cu << 0x61Cu;
    QTest::newRow("zero width and marks") << 0x200Bu << 0x200Fu;
    QTest::newRow("separators and embeddings") << 0x2028u << 0x202Eu;
    QTest::newRow("word joiner and operators") << 0x2060u << 0x2064u;
    QTest::newRow("isolates") << 0x2066u << 0x206Fu;
    QTest::newRow("Hangul fillers") << 0x115Fu << 0x1160u;
    QTest::newRow("byte order mark") << 0xFEFFu << 0xFEFFu;
    QTest::newRow("surrogates") << 0xD800u << 0xDFFFu;
    QTest::newRow("noncharacters") << 0xFFFEu << 0xFFFFu;
    QTest::newRow("tags") << 0xE0000u << 0xE007Fu;
}

void VisibleTextTest::writesOutWhatIsHidden()
{
    QFETCH(uint, first);
    QFETCH(uint, last);
    for (char32_t code = first; code <= last; ++code) {
        const QString one = code < 0x10000 ? QString(QChar(char16_t(code))) : QString::fromUcs4(&code, 1);
        QCOMPARE(Core::visibleText(u"a"_s + one + u"b"_s), u"a\\u{%1}b"_s.arg(uint(code), 0, 16));
    }
}

void VisibleTextTest::leavesTheRestAlone()
{
    const QString text = u"Größe “x” – 東京 😀 \u00a0\u0301 עברית"_s;
    QCOMPARE(Core::visibleText(text), text);
    QCOMPARE(Core::visibleText(u"👩\u200d💻"_s), u"👩\\u{200d}💻"_s);
}

void VisibleTextTest::keepsWhatIsAskedFor()
{
    QCOMPARE(Core::visibleText(u"a\nb\tc"_s, u"\n"), u"a\nb\\u{9}c"_s);
}

void VisibleTextTest::makesOneLine()
{
    QCOMPARE(Core::oneLine(u" a\r\n\u202eb\u2028c\x1b[31m "_s), u"a b c [31m"_s);
}

QTEST_GUILESS_MAIN(VisibleTextTest)
#include "tst_visibletext.moc"
