#include "handover/consumercheck.h"

#include "core/atomicfile.h"
#include "core/atomicfolder.h"

#include <QSet>
#include <QStandardPaths>
#include <chrono>
#include <sys/resource.h>
#include <utility>

namespace Handover {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using EnvFile::Variables;
using State = ConsumerAnswer::State;

namespace {

constexpr std::chrono::seconds longestRun{10};

// Nothing of this session's, so that what is read came from the file.
QProcessEnvironment environment(const QString &home)
{
    const QProcessEnvironment here = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment there;
    for (const QString &name : {u"PATH"_s, u"XDG_RUNTIME_DIR"_s, u"DBUS_SESSION_BUS_ADDRESS"_s}) {
        if (here.contains(name))
            there.insert(name, here.value(name));
    }
    there.insert(u"HOME"_s, home);
    there.insert(u"XDG_CONFIG_HOME"_s, home);
    there.insert(u"XDG_DATA_HOME"_s, home);
    there.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    there.insert(u"KUBECONFIG"_s, QProcess::nullDevice());
    return there;
}

// What it reads is in its memory. In the child, between fork and exec.
void leaveNoCoreFile()
{
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

// The reason, and what to do instead.
QString refusal(const Core::Error &error)
{
    return error.nextStep.isEmpty() ? error.message : error.message + u' ' + error.nextStep;
}

const Core::Secret *find(const Variables &variables, QByteArrayView name)
{
    const auto found = std::find_if(variables.cbegin(), variables.cend(),
                                    [name](const auto &one) { return one.first == name; });
    return found == variables.cend() ? nullptr : &found->second;
}

} // namespace

ConsumerCheck::ConsumerCheck(QObject *parent)
    : QObject(parent)
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(longestRun);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        m_isLate = true;
        if (m_process)
            m_process->kill();
    });
}

ConsumerCheck::~ConsumerCheck()
{
    cancel();
}

void ConsumerCheck::start(const Format &format, const Variables &variables,
                          const QList<Consumer> &asked)
{
    cancel();
    m_isRunning = true;
    m_meant = variables;
    m_asked = asked;
    m_home = std::make_unique<QTemporaryDir>();
    // Through the event loop, as every answer.
    QMetaObject::invokeMethod(
        this,
        [this, &format, run = m_run] {
            if (run == m_run)
                askOurselves(format);
        },
        Qt::QueuedConnection);
}

void ConsumerCheck::cancel()
{
    m_isRunning = false;
    ++m_run;
    m_deadline.stop();
    if (m_process) {
        m_process->disconnect(this);
        m_process->kill();
        m_process->waitForFinished(1000);
        m_process.release()->deleteLater();
    }
    m_place.reset();
    m_home.reset();
    m_asked.clear();
    m_meant.clear();
    m_files.clear();
    m_text = {};
}

void ConsumerCheck::askOurselves(const Format &format)
{
    ConsumerAnswer own{.consumer = u"Rolescope's own reader of this grammar"_s,
                       .state = State::AsMeant};
    if (format.shape == Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, m_meant);
        own.why = files ? QString() : refusal(files.error());
        m_files = files ? *files : Variables();
        for (const auto &[name, content] : m_files) {
            // A file's one variable is called as the file is.
            const Core::Secret *meant = find(m_meant, name);
            const auto read = format.read ? format.read(content.reveal()).variables
                                          : QList<EnvFile::ReadVariable>();
            if (!meant || read.size() != 1 || read.first().value.reveal() != meant->reveal())
                own.astray.append(name);
        }
    } else {
        const auto text = EnvFile::write(format, m_meant);
        own.why = text ? QString() : refusal(text.error());
        m_text = text ? *text : Core::Secret();
        Variables read;
        for (const EnvFile::ReadVariable &one : text &&format.read
                                                    ? format.read(m_text.reveal()).variables
                                                    : QList<EnvFile::ReadVariable>())
            read.append({one.name, one.value});
        own.astray = format.read ? astrayIn(read) : QList<QByteArray>();
    }
    if (!own.why.isEmpty()) { // refused: there is nothing to read
        own.state = State::NotAsked;
        m_asked.clear();
    } else if (!format.read) {
        own.state = State::NotAsked;
        own.why = u"There is none."_s;
    } else if (!own.astray.isEmpty()) {
        own.state = State::Otherwise;
    }
    report(own);
}

// Whoever hears it may cancel, or start again.
void ConsumerCheck::report(const ConsumerAnswer &answer)
{
    const int run = m_run;
    emit answered(answer);
    if (run == m_run)
        next();
}

void ConsumerCheck::next()
{
    if (m_asked.isEmpty()) {
        cancel();
        return emit finished();
    }
    m_programs = m_asked.first().programs;
    nextProgram();
}

void ConsumerCheck::nextProgram()
{
    while (!m_programs.isEmpty() && QStandardPaths::findExecutable(m_programs.first()).isEmpty())
        m_programs.removeFirst();
    if (m_programs.isEmpty())
        return answer(State::NotHere);
    if (!m_asked.first().unasked.isEmpty())
        return answer(State::NotAsked, m_asked.first().unasked);
    m_asked.first().probe.isEmpty() ? run() : probe();
}

void ConsumerCheck::probe()
{
    const QStringList &command = m_asked.first().probe;
    launch(command.first(), command.mid(1), &ConsumerCheck::probed);
    m_process->closeWriteChannel();
}

void ConsumerCheck::probed()
{
    if (m_process->exitStatus() == QProcess::NormalExit && m_process->exitCode() == 0)
        return run();
    answer(State::NotAsked, m_asked.first().unable);
}

bool ConsumerCheck::prepareInput(QString *path)
{
    const Consumer &consumer = m_asked.first();
    if (consumer.input == Consumer::Input::Pipe)
        return true;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (runtime.isEmpty())
        return false;
    if (!m_place)
        m_place = std::make_unique<QTemporaryDir>(runtime + u"/rolescope-XXXXXX"_s);
    *path = m_place->filePath(u"hand-over"_s);
    return m_place->isValid() &&
           (consumer.input == Consumer::Input::File
                ? bool(Core::writeFileAtomically(*path, m_text.reveal()))
                : bool(Core::writeFolderAtomically(*path, m_files, Core::Links::Followed)));
}

void ConsumerCheck::run()
{
    QString path;
    if (!prepareInput(&path))
        return answer(State::NotAsked,
                      u"It needs a file, and this session has no folder in memory for one."_s);
    QStringList arguments = m_asked.first().arguments;
    arguments.replaceInStrings(u"{path}"_s, path);
    const QString program = QStandardPaths::findExecutable(m_programs.takeFirst());
    const QString &script = m_asked.first().script;
    if (script.isEmpty())
        launch(program, arguments, &ConsumerCheck::ended);
    else
        launch(u"/bin/sh"_s, {u"-c"_s, script, u"sh"_s, program, path}, &ConsumerCheck::ended);
    if (m_asked.first().input == Consumer::Input::Pipe)
        m_process->write(m_text.reveal().data(), m_text.size());
    m_process->closeWriteChannel();
}

void ConsumerCheck::launch(const QString &program, const QStringList &arguments,
                           void (ConsumerCheck::*then)())
{
    if (m_process)
        m_process.release()->deleteLater(); // it may be what calls
    m_isLate = false;
    m_process = std::make_unique<QProcess>();
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->setProcessEnvironment(environment(m_home->path()));
    m_process->setWorkingDirectory(m_home->path());
    m_process->setChildProcessModifier(leaveNoCoreFile);
    connect(m_process.get(), &QProcess::finished, this, then);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            answer(State::NotAsked, u"It could not be started."_s);
    });
    m_deadline.start();
    m_process->start(program, arguments);
}

void ConsumerCheck::ended()
{
    QByteArray output = m_process->readAllStandardOutput();
    if (m_isLate)
        return answer(State::NotAsked, u"It did not answer within ten seconds."_s);
    if (m_process->exitStatus() == QProcess::NormalExit && m_process->exitCode() == noLibrary)
        return nextProgram();
    if (m_process->exitStatus() != QProcess::NormalExit || m_process->exitCode() != 0)
        return answer(State::Otherwise, u"It refuses the file."_s);
    const Variables read = m_asked.first().output == Consumer::Output::KubernetesSecret
                               ? printedSecret(output)
                               : printedEnvironment(output);
    Core::wipe(output);
    const QList<QByteArray> astray = astrayIn(read);
    answer(astray.isEmpty() ? State::AsMeant : State::Otherwise, {}, astray);
}

// By value: why may be the consumer's own, which goes.
void ConsumerCheck::answer(State state, QString why, const QList<QByteArray> &astray)
{
    m_deadline.stop();
    m_place.reset(); // no longer than it is needed
    const QString consumer = m_asked.takeFirst().title;
    QMetaObject::invokeMethod(
        this,
        [this, run = m_run, one = ConsumerAnswer{consumer, state, astray, why}] {
            if (run == m_run)
                report(one);
        },
        Qt::QueuedConnection);
}

// Names of Azure's that nobody meant count too; others are the shell's or the service manager's
// own.
QList<QByteArray> ConsumerCheck::astrayIn(const Variables &read) const
{
    QList<QByteArray> astray;
    for (const auto &[name, value] : m_meant) {
        const Core::Secret *one = find(read, name);
        if (!one || one->reveal() != value.reveal())
            astray.append(name);
    }
    for (const auto &[name, value] : read) {
        if (name.startsWith("AZURE_") && !find(m_meant, name))
            astray.append(name);
    }
    return astray;
}

} // namespace Handover
