#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// daemontools: envdir; runit: chpst(8), -e. The first line counts, and a zero byte in it becomes a
// line feed.
Result<QByteArray> envdirFile(QByteArrayView name, QByteArrayView value)
{
    if (value.endsWith(' ') || value.endsWith('\t'))
        return unsupported(name, u"ends in a space or tab, which envdir strips"_s,
                           credentialAlternative());
    return QByteArray(replaced(value, "\n", QByteArrayView("\0", 1)) + '\n');
}

// s6-envdir: reads 4095 bytes of a file and cuts the rest without a word.
Result<QByteArray> s6File(QByteArrayView name, QByteArrayView value)
{
    if (value.endsWith('\r'))
        return unsupported(name, u"ends in a carriage return, which s6-envdir strips"_s,
                           credentialAlternative());
    if (value.size() > 4094)
        return unsupported(name, u"has more than the 4094 bytes that s6-envdir reads"_s,
                           credentialAlternative());
    return envdirFile(name, value);
}

// systemd.exec(5), LoadCredential=: at most 1 MiB each (CREDENTIAL_SIZE_MAX).
Result<QByteArray> credentialFile(QByteArrayView name, QByteArrayView value)
{
    if (value.size() > 1024 * 1024)
        return unsupported(name, u"is larger than the 1 MiB that a credential may have"_s,
                           u"Hand over a file instead."_s);
    return value.toByteArray();
}

} // namespace

Format envdir()
{
    return {.id = u"envdir"_s,
            .title = u"daemontools envdir, runit chpst -e"_s,
            .fileName = u"env"_s,
            .usage = u"envdir {path} COMMAND\nchpst -e {path} COMMAND"_s,
            .assignment = envdirFile,
            .quotedPath = Core::posixWord,
            .nameFault = fileNameFault,
            .read = readEnvdirFile,
            .shape = Format::Shape::Folder};
}

Format s6Envdir()
{
    return {.id = u"s6-envdir"_s,
            .title = u"s6-envdir"_s,
            .fileName = u"env"_s,
            .usage = u"s6-envdir {path} COMMAND"_s,
            .assignment = s6File,
            .quotedPath = Core::posixWord,
            .nameFault = fileNameFault,
            .read = readS6EnvdirFile,
            .shape = Format::Shape::Folder};
}

Format systemdCredential()
{
    return {.id = u"systemd-credential"_s,
            .title = u"systemd credentials (LoadCredential=)"_s,
            .fileName = u"credentials"_s,
            .usage =
                u"In the unit's [Service] section: LoadCredential=NAME:{path}/NAME\n"
                "The application reads the file $CREDENTIALS_DIRECTORY/NAME; it is no variable."_s,
            .assignment = credentialFile,
            .quotedPath = Core::systemdWord,
            .nameFault = fileNameFault,
            .read = readCredentialFile,
            .shape = Format::Shape::Folder,
            .holdsAnyBytes = true};
}

} // namespace EnvFile
