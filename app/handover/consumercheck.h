#pragma once

#include "handover/consumers.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <memory>
#include <optional>

namespace Handover {

/// What one program made of a hand-over.
struct ConsumerAnswer
{
    enum class State {
        AsMeant,   ///< every variable, byte for byte
        Otherwise, ///< it misses one, reads it otherwise, or reads one too many: see \c astray
        NotHere,   ///< not installed
        NotAsked   ///< it is there, but could not be asked, or is not: see \c why
    };

    QString consumer;
    State state = State::NotHere;
    QList<QByteArray> astray;
    QString why;

    bool operator==(const ConsumerAnswer &) const = default;
};

/// Lets the programs on this machine that read a format read what would be handed over, one after
/// the other, and compares what each read with what was meant. The text goes down a pipe; a program
/// that needs a path gets one under XDG_RUNTIME_DIR, which is in memory and its owner's only, and
/// is not asked where there is none. What the programs say in their own words is not shown: it may
/// quote the file.
class ConsumerCheck final : public QObject
{
    Q_OBJECT
public:
    explicit ConsumerCheck(QObject *parent = nullptr);
    ~ConsumerCheck() override; ///< as cancel()

    /// Asks our own reader of the grammar first, then \a asked. Each has ten seconds.
    void start(const EnvFile::Format &format, const EnvFile::Variables &variables,
               const QList<Consumer> &asked);
    /// Ends the program that is being asked; finished() does not come.
    void cancel();
    bool isRunning() const { return m_isRunning; }

signals:
    void answered(const Handover::ConsumerAnswer &answer);
    void finished();

private:
    void askOurselves(const EnvFile::Format &format);
    void report(const ConsumerAnswer &answer);
    void next();
    void nextProgram();
    void probe();
    void run();
    bool prepareInput(QString *path);
    void launch(const QString &program, const QStringList &arguments,
                void (ConsumerCheck::*then)());
    void probed();
    void ended();
    void answer(ConsumerAnswer::State state, QString why = {},
                const QList<QByteArray> &astray = {});
    QList<QByteArray> astrayIn(const EnvFile::Variables &read) const;

    EnvFile::Variables m_meant;
    Core::Secret m_text;        ///< of a format of shape File
    EnvFile::Variables m_files; ///< of shape Folder
    QList<Consumer> m_asked;
    QStringList m_programs; ///< of the consumer being asked, still to try
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<QProcess> m_process;
    QTimer m_deadline;
    bool m_isRunning = false;
    int m_run = 0; ///< counts: what is on its way from an earlier one is dropped
    bool m_isLate = false;
};

} // namespace Handover
