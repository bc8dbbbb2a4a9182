#include "core/secret.h"
#include "core/secretarena.h"

#include <QFile>
#include <QTest>
#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using Core::Secret;
using Core::SecretArena;

class SecretTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsEveryByte();
    void comparesByValue();
    void takeWipesTheOriginal();
    void leavesNothingBehindWhenTheLastCopyGoes();
    void keepsEachSizeApart();
    void holdsAHundredThousand();
    void wipesWhatItReuses();
    void givesMemoryBack();
    void guardsTheEnds();
    void servesManyThreads();
    void goesOnWithoutLockedMemory();
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

// Around each size at which the arena changes what it does.
void SecretTest::keepsEachSizeApart()
{
    std::vector<std::pair<QByteArray, Secret>> all;
    for (const int edge : {1, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}) {
        for (const int size : {edge - 1, edge, edge + 1}) {
            for (int copy = 0; copy < 5 && size > 0; ++copy) {
                const QByteArray bytes(size, static_cast<char>('a' + all.size() % 26));
                all.emplace_back(bytes, Secret(bytes));
            }
        }
    }
    for (const auto &[bytes, secret] : all)
        QVERIFY(secret.reveal() == bytes);
}

// More than the kernel has mappings for one process (vm.max_map_count, 65,530).
void SecretTest::holdsAHundredThousand()
{
    const SecretArena::Usage before = SecretArena::usage();
    {
        std::vector<Secret> all;
        for (int i = 0; i < 100'000; ++i)
            all.emplace_back(QByteArray("AZURE_CLIENT_SECRET of principal ") + QByteArray::number(i));
        const SecretArena::Usage now = SecretArena::usage();
        QCOMPARE(now.blocks - before.blocks, size_t(100'000));
        QVERIFY(now.mappings - before.mappings < 200);
        QVERIFY(now.bytes - before.bytes < 100'000 * 100);
        for (int i = 0; i < 100'000; ++i)
            QVERIFY(all[static_cast<size_t>(i)].reveal().endsWith(QByteArray::number(i)));
    }
    QCOMPARE(SecretArena::usage().bytes, before.bytes);
    QCOMPARE(SecretArena::usage().mappings, before.mappings);
}

void SecretTest::wipesWhatItReuses()
{
    const Secret neighbour("keeps the mapping"); // in the same size class, so that the block is not unmapped
    const char *place = nullptr;
    {
        const Secret secret("seventeen letters");
        place = secret.reveal().data();
    }
#if !defined(__SANITIZE_ADDRESS__)
    QCOMPARE(QByteArray(place, 32), QByteArray(32, '\0'));
#endif
    const Secret next("eighteen letters..");
    QVERIFY(next.reveal().data() == place);
    QCOMPARE(next.reveal(), QByteArrayView("eighteen letters.."));
    QCOMPARE(neighbour.reveal(), QByteArrayView("keeps the mapping"));
}

void SecretTest::givesMemoryBack()
{
    const SecretArena::Usage before = SecretArena::usage();
    std::vector<Secret> all;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 5'000; ++i)
            all.emplace_back(QByteArray(1 + i % 3'000, 'x'));
        for (size_t i = 0; i < all.size(); i += 2) // in no order, and every second one first
            all[i] = Secret();
        all.clear();
        QCOMPARE(SecretArena::usage().blocks, before.blocks);
        QCOMPARE(SecretArena::usage().bytes, before.bytes);
    }
}

// What runs past either end of a mapping ends the process, and reads nobody's secret.
void SecretTest::guardsTheEnds()
{
    const Secret large(QByteArray(3 * 4096 * 16, 'x'));
    for (const qsizetype at : {qsizetype(-1), large.size()}) {
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            std::signal(SIGSEGV, SIG_DFL);
            const volatile char *bytes = large.reveal().data();
            _exit(bytes[at] == 'x' ? 1 : 2);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(!WIFEXITED(status) || WEXITSTATUS(status) > 2); // a signal, or a sanitizer's own end
    }
}

void SecretTest::servesManyThreads()
{
    const SecretArena::Usage before = SecretArena::usage();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 8; ++number) {
        threads.emplace_back([number, &wrong] {
            std::vector<Secret> kept(200);
            for (int i = 0; i < 20'000; ++i) {
                const QByteArray bytes(1 + (i * 31 + number) % 700, static_cast<char>('a' + (i + number) % 26));
                Secret &place = kept[static_cast<size_t>(i * 7 + number) % kept.size()];
                place = Secret(bytes);
                const Secret &other = kept[static_cast<size_t>(i) % kept.size()];
                if (place.reveal() != bytes || (!other.isEmpty() && other.reveal().count(other.reveal()[0]) != other.size()))
                    ++wrong;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(SecretArena::usage().blocks, before.blocks);
    QCOMPARE(SecretArena::usage().bytes, before.bytes);
}

// RLIMIT_MEMLOCK may be small or nothing; then secrets are kept all the same.
void SecretTest::goesOnWithoutLockedMemory()
{
    for (const rlim_t limit : {rlim_t(0), rlim_t(8 * 4096)}) {
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            const rlimit wanted{limit, limit};
            if (setrlimit(RLIMIT_MEMLOCK, &wanted) != 0 || (geteuid() == 0 && setuid(65534) != 0))
                _exit(2);
            std::vector<Secret> all;
            for (int i = 0; i < 10'000; ++i)
                all.emplace_back(QByteArray("secret ") + QByteArray::number(i));
            _exit(all[9'999].reveal() == QByteArrayView("secret 9999") ? 0 : 1);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
}

QTEST_GUILESS_MAIN(SecretTest)
#include "tst_secret.moc"
