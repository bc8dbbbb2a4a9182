#include "envfile/systemdenvfile.h"

#include <QStringDecoder>
#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// systemd takes these for broken UTF-8.
bool hasNoncharacter(const QString &text)
{
    const QList<uint> codes = text.toUcs4();
    return std::any_of(codes.cbegin(), codes.cend(),
                       [](uint code) { return (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE; });
}

Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString alternative = u"Use systemd's LoadCredential=, which takes any bytes, or make a new secret."_s;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(value);
    // systemd would refuse the whole file, and write the assignment to its log.
    if (decoder.hasError())
        return unsupported(name, u"is not valid UTF-8, and systemd would refuse the whole file"_s, alternative);
    if (hasNoncharacter(text))
        return unsupported(name, u"contains a Unicode noncharacter, which systemd takes for invalid UTF-8"_s, alternative);
    return QByteArray(name.toByteArray() + "=\"" + escaped(value, "\\\"`$") + "\"\n");
}

// systemd.unit(5), Specifiers.
QString quotedPath(const QString &path)
{
    return QString(path).replace(u'%', u"%%"_s);
}

} // namespace

Format systemdEnvFile()
{
    return {
        u"systemd-envfile"_s,
        u"systemd unit (EnvironmentFile=)"_s,
        u"rolescope.env"_s,
        u"In the unit's [Service] section: EnvironmentFile={path}\nThen: systemctl daemon-reload && systemctl restart UNIT"_s,
        assignment,
        {},
        quotedPath};
}

} // namespace EnvFile
