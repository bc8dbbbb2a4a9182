#pragma once

#include "envfile/format.h"

#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QStringList>

namespace Handover {

/// A program that reads environment files, and how it is asked what it read: it prints what its
/// child's environment would be, as NAME=value with a zero byte behind each.
struct Consumer
{
    /// How it gets the text. A program that needs a path gets one in a folder of the session that
    /// lies in memory; the others get a pipe, so that no file is written.
    enum class Input { Pipe, File, Folder };
    enum class Output { Environment, KubernetesSecret };

    QString title;         ///< "bash", "python-dotenv"
    QStringList formats;   ///< the ids of those that it reads
    QStringList programs;  ///< names in PATH, or paths; the first that is able to answers
    QStringList arguments; ///< with {path}
    Input input = Input::Pipe;
    Output output = Output::Environment;
    QStringList probe; ///< a command that fails where it cannot be asked although it is there
    QString unable;    ///< why, then
    /// Instead of the arguments, for one that is asked in several steps: a script of the shell, with
    /// the program as $1 and {path} as $2, in whose folder it may leave files.
    QString script;
    QString unasked; ///< why it is named only; then nothing is run

    bool operator==(const Consumer &) const = default;
};

/// Exit code of a program that is there, but without the library which reads the file.
constexpr int noLibrary = 77;

/// All that a machine may have, in the order in which they are asked.
const QList<Consumer> &consumers();
/// Those who read \a format.
QList<Consumer> consumersOf(const EnvFile::Format &format);

/// NAME=value pairs, each with a zero byte behind it. Wipes nothing: the caller does.
EnvFile::Variables printedEnvironment(QByteArrayView output);
/// The "data" of a Kubernetes Secret in JSON.
EnvFile::Variables printedSecret(QByteArrayView output);

} // namespace Handover
