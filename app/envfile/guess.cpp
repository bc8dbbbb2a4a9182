#include "envfile/guess.h"

#include "envfile/format.h"

#include <QRegularExpression>
#include <QStringList>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

/// A form that no other consumer's file has.
struct Sign
{
    const char *format;
    const char *expression;
};

constexpr Sign signs[] = {
    {"local-settings-json", "\\A\\s*\\{[^}]*\"(?:IsEncrypted|Values)\"\\s*:"},
    {"json", "\\A\\s*\\{"},
    {"appsettings-json", "\\A\\s*\\["},
    {"k8s-secret", "^kind:\\s*[\"']?Secret[\"']?\\s*$"},
    {"systemd-unit", "^Environment=\"?[A-Za-z_]"},
    {"fish", "^set -gx "},
    {"powershell", "^\\$env:[A-Za-z_]"},
    {"cmd", "^(?i:@?set) \"?[A-Za-z_][A-Za-z0-9_]*="},
    {"gunicorn", "^raw_env\\s*="},
    {"uwsgi", "^env\\s*=\\s*[A-Za-z_]"},
    {"supervisord", "^environment\\s*=\\s*[A-Za-z_]"},
    {"shell", "^export [A-Za-z_][A-Za-z0-9_]*='"},
};

Error tooMuch(const QString &format, const Reading &reading)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"Read as %1, this file is too much. %2"_s.arg(format, reading.refusal),
            .code = u"TooLarge"_s,
            .nextStep = u"Mend the file, or say with --from FORMAT which consumer it is for."_s};
}

bool sameVariables(const Reading &one, const Reading &other)
{
    if (!one.refusal.isEmpty() || !other.refusal.isEmpty())
        return one.refusal.isEmpty() == other.refusal.isEmpty();
    return one.variables == other.variables;
}

} // namespace

Result<QString> guessFormat(QByteArrayView text)
{
    const QString shown =
        QString::fromUtf8(text.first(std::min<qsizetype>(text.size(), 256 * 1024)));
    for (const Sign &sign : signs) {
        const QString id = QString::fromLatin1(sign.format);
        const Format *format = findFormat(id);
        const QRegularExpression form(QString::fromLatin1(sign.expression),
                                      QRegularExpression::MultilineOption);
        if (form.match(shown).hasMatch() && (id == u"json" || (format && format->read)))
            return id;
    }
    const QStringList family{u"systemd-envfile"_s, u"python-dotenv"_s,   u"node-dotenv"_s,
                             u"node-env-file"_s,   u"docker-env-file"_s, u"compose-env-file"_s,
                             u"gh-dotenv"_s};
    for (const QString &id : family) { // before any difference is named: no consumer shall take such a file
        const Format *format = findFormat(id);
        const Reading reading = format->read ? format->read(text) : Reading();
        if (reading.overBudget)
            return tooMuch(id, reading);
    }
    QString first;
    Reading firstReading;
    for (const QString &id : family) {
        const Format *format = findFormat(id);
        if (!format->read)
            continue;
        const Reading reading = format->read(text);
        if (first.isEmpty()) {
            first = id;
            firstReading = reading;
        } else if (!sameVariables(firstReading, reading))
            return Error{
                .kind = Error::Kind::InvalidInput,
                .message = u"Its consumers read this file differently (%1 and %2, for two)."_s.arg(
                    first, id),
                .code = u"Ambiguous"_s,
                .nextStep =
                    u"Say which is meant with --from FORMAT; rolescope-cli inspect FILE shows the difference."_s};
    }
    return first;
}

} // namespace EnvFile
