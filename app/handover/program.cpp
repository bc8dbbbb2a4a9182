#include "handover/program.h"

#include "handover/childenvironment.h"

#include <QString>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Handover {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

bool isRegular(const QByteArray &path)
{
    struct stat about = {};
    return ::stat(path.constData(), &about) == 0 && S_ISREG(about.st_mode);
}

} // namespace

Error startError(const QByteArray &name, int systemError)
{
    const QString shown = QString::fromLocal8Bit(name);
    switch (systemError) {
    case ENOENT:
    case ENOTDIR:
        return {.kind = Error::Kind::NotFound,
                .message = u"There is no command “%1”."_s.arg(shown),
                .code = u"CommandNotFound"_s,
                .nextStep = u"Give its path, or see that PATH leads to it."_s};
    case ENOEXEC:
        return {.kind = Error::Kind::Forbidden,
                .message = u"“%1” is no program that this system can run."_s.arg(shown),
                .code = u"CommandNotExecutable"_s,
                .nextStep = u"A script needs a first line such as #!/bin/sh."_s};
    case E2BIG:
        return {.kind = Error::Kind::InvalidInput,
                .message =
                    u"The arguments and the environment are longer than the system allows."_s,
                .code = u"CommandTooLong"_s};
    default:
        return {.kind = Error::Kind::Forbidden,
                .message = u"“%1” cannot be started: %2."_s.arg(
                    shown, QString::fromLocal8Bit(std::strerror(systemError))),
                .code = u"CommandNotExecutable"_s};
    }
}

Core::Result<QByteArray> findProgram(const QByteArray &name, const QByteArray &searchPath)
{
    if (name.contains('/')) {
        if (!isRegular(name))
            return startError(name, ::access(name.constData(), F_OK) == 0 ? EACCES : ENOENT);
        return ::access(name.constData(), X_OK) == 0 ? Core::Result<QByteArray>(name)
                                                     : startError(name, EACCES);
    }
    bool seen = false;
    for (const QByteArray &folder : searchPath.split(':')) {
        // An empty entry means the current folder, as execvp(3) has it.
        const QByteArray path = folder.isEmpty() ? "./" + name : folder + '/' + name;
        if (name.isEmpty() || !isRegular(path))
            continue;
        if (::access(path.constData(), X_OK) == 0)
            return path;
        seen = true;
    }
    return startError(name, seen ? EACCES : ENOENT);
}

QList<char *> argumentPointers(CommandLine &command)
{
    QList<char *> pointers;
    for (QByteArray &argument : command)
        pointers.append(argument.data());
    pointers.append(nullptr);
    return pointers;
}

Error replaceProcess(const QByteArray &program, const CommandLine &command,
                     ChildEnvironment &environment, const ProcessState &state,
                     const QList<int> &handedOver)
{
    CommandLine copy = command;
    const QList<char *> arguments = argumentPointers(copy);
    const QList<char *> variables = environment.pointers();
    state.restore();
    for (const int descriptor : handedOver)
        (void)::fcntl(descriptor, F_SETFD, 0);
    ::execve(program.constData(), arguments.data(), variables.data());
    return startError(command.first(), errno);
}

} // namespace Handover
