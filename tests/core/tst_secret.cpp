#include "core/secret.h"

#include <QFile>
#include <QTest>

using Core::Secret;

class SecretTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsEveryByte();
    void comparesByValue();
    void takeWipesTheOriginal();
    void leavesNothingBehindWhenTheLastCopyGoes();
};

namespace {

// Counts \a marker in the writable memory of this process; the marker itself is built from pieces by the caller so that
// only what Secret kept (and the one copy here) can be found.
int occurrences(const QByteArray &marker)
{
    QFile maps(QStringLiteral("/proc/self/maps"));
    QFile memory(QStringLiteral("/proc/self/mem"));
    if (!maps.open(QIODevice::ReadOnly) || !memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return -1;
    int found = 0;
    const QList<QByteArray> lines = maps.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (!line.contains("rw-p") || line.contains("[v"))
            continue;
        const QList<QByteArray> range = line.left(line.indexOf(' ')).split('-');
        const qulonglong from = range.value(0).toULongLong(nullptr, 16);
        const qulonglong to = range.value(1).toULongLong(nullptr, 16);
        for (qulonglong at = from; at < to; at += 4096) {
            char page[4096];
            if (!memory.seek(static_cast<qint64>(at)) || memory.read(page, sizeof page) != sizeof page)
                continue;
            found += static_cast<int>(QByteArrayView(page, sizeof page).count(marker));
            std::memset(page, 0, sizeof page);
        }
    }
    return found;
}

} // namespace

void SecretTest::keepsEveryByte()
{
    QByteArray all;
    for (int i = 0; i < 5000; ++i)
        all.append(static_cast<char>(i % 256));
    QCOMPARE(Secret(all).reveal().toByteArray(), all);
    QVERIFY(Secret().isEmpty());
    QVERIFY(Secret(QByteArrayView("")).isEmpty());
}

void SecretTest::comparesByValue()
{
    QVERIFY(Secret("a") == Secret("a"));
    QVERIFY(!(Secret("a") == Secret("b")));
    QVERIFY(!(Secret("a") == Secret("ab")));
    QVERIFY(Secret() == Secret(""));
}

void SecretTest::takeWipesTheOriginal()
{
    QByteArray original("correct horse");
    original.detach();
    const Secret secret = Secret::take(std::move(original));
    QCOMPARE(secret.reveal(), QByteArrayView("correct horse"));
    QVERIFY(original.isEmpty());
}

void SecretTest::leavesNothingBehindWhenTheLastCopyGoes()
{
    QByteArray marker;
    for (int i = 0; i < 32; ++i)
        marker.append(static_cast<char>('A' + (i * 7 + 3) % 26));
    const int before = occurrences(marker);
    QVERIFY(before >= 0);
    {
        const Secret secret(marker);
        const Secret copy = secret; // shares the buffer
        QCOMPARE(occurrences(marker), before + 1);
    }
    QCOMPARE(occurrences(marker), before);
}

QTEST_GUILESS_MAIN(SecretTest)
#include "tst_secret.moc"
