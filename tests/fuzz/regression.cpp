// What a fuzz target does with its seeds and with a few thousand changes of them, the same at every
// run and without clang. usage: regression_NAME ROUNDS FOLDER-OF-SEEDS
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <csignal>
#include <cstdlib>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

namespace {

// Cuts, repeats, joins and flips, as a fuzzer does.
QByteArray changed(const QByteArray &seed, const QByteArray &other, QRandomGenerator &random)
{
    QByteArray bytes = seed;
    for (int i = random.bounded(1, 5); i > 0 && !bytes.isEmpty(); --i) {
        const qsizetype at = random.bounded(bytes.size());
        const qsizetype length = std::min<qsizetype>(random.bounded(1, 40), bytes.size() - at);
        switch (random.bounded(5)) {
        case 0: bytes.remove(at, length); break;
        case 1: bytes.insert(at, bytes.mid(at, length)); break;
        case 2: bytes[at] = char(random.bounded(256)); break;
        case 3: bytes.insert(at, other.mid(random.bounded(other.size() + 1), length)); break;
        default: bytes.truncate(at); break;
        }
    }
    return bytes;
}

QByteArray s_input;

// Shows the input that failed, so that it can become a seed.
void showInput(int signal)
{
    (void)!::write(STDERR_FILENO, s_input.constData(), static_cast<size_t>(s_input.size()));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void feed(const QByteArray &bytes)
{
    s_input = bytes;
    LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char *>(bytes.constData()),
                           static_cast<size_t>(bytes.size()));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    QList<QByteArray> seeds;
    const QDir folder(QString::fromLocal8Bit(argv[2]));
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return 3;
        seeds.append(file.readAll());
    }
    if (seeds.isEmpty())
        return 3; // a regression without seeds would always pass
    for (const int signal : {SIGILL, SIGTRAP, SIGSEGV, SIGABRT})
        std::signal(signal, showInput);
    QRandomGenerator random(7);
    for (const QByteArray &seed : std::as_const(seeds))
        feed(seed);
    for (int round = std::atoi(argv[1]); round > 0; --round)
        feed(changed(seeds[random.bounded(seeds.size())], seeds[random.bounded(seeds.size())],
                     random));
    return 0;
}
