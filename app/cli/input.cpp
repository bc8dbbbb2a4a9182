#include "cli/input.h"

#include "core/atomicfile.h"
#include "core/secret.h"
#include "envfile/inspection.h"

#include <QFile>
#include <QFileInfo>
#include <QString>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

// While somebody types or another program is slow nothing is under way, and Ctrl-C shall simply end the program.
class PlainSignals
{
public:
    PlainSignals()
        : m_interrupt(plain(SIGINT)), m_terminate(plain(SIGTERM))
    {
    }
    ~PlainSignals()
    {
        std::signal(SIGINT, m_interrupt);
        std::signal(SIGTERM, m_terminate);
    }
    Q_DISABLE_COPY_MOVE(PlainSignals)

private:
    using Handler = void (*)(int);
    static Handler plain(int number)
    {
        const Handler before = std::signal(number, SIG_DFL);
        if (before == SIG_IGN) // nohup
            std::signal(number, SIG_IGN);
        return before;
    }
    Handler m_interrupt;
    Handler m_terminate;
};

} // namespace

// By read(): QFile makes a pipe non-blocking, and so takes what is there by now for all there is.
Core::Result<QByteArray> readStandardInput(qint64 limit)
{
    const PlainSignals signalsEndIt;
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(std::min<qint64>(limit, 64 * 1024)));
    char piece[16 * 1024];
    while (bytes.size() <= limit) {
        const ssize_t count = ::read(STDIN_FILENO, piece, sizeof piece);
        if (count > 0)
            bytes.append(piece, count);
        else if (count == 0)
            break;
        else if (errno == EAGAIN) { // it was handed over like that
            pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
            (void)::poll(&input, 1, -1);
        } else if (errno != EINTR)
            return Core::Error{.kind = Core::Error::Kind::File, .message = u"Standard input cannot be read."_s};
    }
    ::explicit_bzero(piece, sizeof piece);
    if (bytes.size() <= limit)
        return bytes;
    Core::wipe(bytes);
    const QString most = limit < (1 << 20) ? u"%1 KiB"_s.arg(limit / 1024) : u"%1 MiB"_s.arg(limit >> 20);
    return Core::Error{.kind = Core::Error::Kind::InvalidInput, .message = u"Standard input has more than %1."_s.arg(most)};
}

Core::Result<QByteArray> readInput(const std::string &path)
{
    constexpr qint64 limit = 64 << 20;
    if (path.empty())
        return QByteArray();
    if (path != "-")
        return Core::readFile(QString::fromStdString(path), limit);
    return readStandardInput(limit);
}

Core::Result<QByteArray> readEnvironmentFile(const std::string &path)
{
    auto bytes = readInput(path);
    if (!bytes)
        return bytes.error();
    if (const QString fault = EnvFile::sizeFault(*bytes); !fault.isEmpty())
        return tooMuch(fault);
    return bytes;
}

Core::Error tooMuch(const QString &fault)
{
    return {.kind = Core::Error::Kind::InvalidInput,
            .message = fault,
            .code = u"TooLarge"_s,
            .nextStep = u"Check that it is the environment file that you mean."_s};
}

bool isFolder(const std::string &path)
{
    return QFileInfo(QString::fromStdString(path)).isDir();
}

} // namespace Cli
