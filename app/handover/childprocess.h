#pragma once

#include "core/result.h"
#include "handover/processstate.h"
#include "handover/program.h"

#include <QObject>
#include <memory>

class QSocketNotifier;

namespace Handover {

/// How a child ended.
struct Ending
{
    int code = 0;   ///< its exit code
    int signal = 0; ///< what killed it; 0 when it exited

    bool operator==(const Ending &) const = default;
};

/// A command that runs in this process's stead: in its terminal and process group, with its
/// standard streams. A signal sent to this process is passed on; one from the terminal has reached
/// both. When the command stops, so does this process, and a shell has its terminal back;
/// continued, it continues the command.
class ChildProcess final : public QObject
{
    Q_OBJECT
public:
    explicit ChildProcess(ProcessState state, QObject *parent = nullptr);
    ~ChildProcess() override; ///< lets the child go on

    /// Errors: as startError().
    Core::Result<void> start(const QByteArray &program, const CommandLine &command,
                             ChildEnvironment &environment);
    qint64 pid() const { return m_pid; }

signals:
    void ended(const Ending &ending);

private:
    void watchEnd();
    void watchSignals();
    void passOn();
    void stopWithChild();

    ProcessState m_state;
    int m_pid = 0;
    int m_pidDescriptor = -1;
    std::unique_ptr<QSocketNotifier> m_end;
    std::unique_ptr<QSocketNotifier> m_signals;
};

/// Ends this process as the child ended: by its code, or by the same signal, so that a shell sees
/// no difference.
[[noreturn]] void endLike(const Ending &ending);

} // namespace Handover
