#include "envfile/posixshell.h"

#include <QRegularExpression>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// Single quotes keep everything but themselves; nothing else is safe from substitution.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    QByteArray quoted = value.toByteArray();
    quoted.replace("'", "'\\''");
    return QByteArray("export " + name.toByteArray() + "='" + quoted + "'\n");
}

QString quotedPath(const QString &path)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_@%+=:,./-]+\\z"_s);
    return plain.match(path).hasMatch() ? path
                                        : u'\'' + QString(path).replace(u'\'', u"'\\''"_s) + u'\'';
}

} // namespace

Format posixShell()
{
    return {u"shell"_s,        u"POSIX shell (sh, bash, zsh)"_s,
            u"rolescope.sh"_s, u"In the shell or script that starts the application: . {path}"_s,
            assignment,        {},
            quotedPath};
}

} // namespace EnvFile
