#pragma once

#include <QList>
#include <QPair>
#include <QSet>
#include <csignal>

namespace Handover {

/// What this process was given when it started: which signals are ignored and which descriptors are
/// open. A command that takes its place, or runs in its stead, shall find exactly these.
class ProcessState final
{
public:
    /// To be called first thing in main(), before anything opens a descriptor.
    static ProcessState capture();

    /// For a process about to be replaced: puts the signals back, and has every descriptor that was
    /// opened since close at the exec.
    void restore() const;
    /// For one that goes on: every descriptor that was opened since closes in children.
    void keepDescriptorsHere() const;
    bool wasIgnored(int signal) const { return m_ignored.contains(signal); }

private:
    QSet<int> m_ignored;
    QSet<int> m_descriptors;
};

} // namespace Handover
