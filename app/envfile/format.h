#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <utility>

namespace EnvFile {

/// Names and their bytes, in the order in which they shall stand.
using Variables = QList<std::pair<QByteArray, Core::Secret>>;

/// One environment-file grammar and its writer. A writer either yields a text that its consumer reads back byte for byte or
/// refuses (Unsupported) with the reason and an alternative; the message never quotes the value.
struct Format {
    QString id;       ///< "systemd-envfile", "shell", "python-dotenv": as on the command line
    QString title;    ///< "systemd unit (EnvironmentFile=)"
    QString fileName; ///< what such a file is usually called, e.g. "rolescope.env"
    QString usage;    ///< how the consumer is pointed at it, one or two lines with {path}
    /// One assignment with its line end. Both name and value have been checked for what no format can hold (NUL, an
    /// invalid name, 128 KiB).
    Core::Result<QByteArray> (*assignment)(QByteArrayView name, QByteArrayView value);
    QByteArray header; ///< what stands before the first assignment; may be empty
    QString (*quotedPath)(const QString &path); ///< a path as it must be written in \c usage
};

const QList<Format> &formats();
const Format *findFormat(const QString &id);

/// How the consumer is pointed at the file \a path, ready to copy.
QString usage(const Format &format, const QString &path);

/// The whole file. Errors: Unsupported (names the variable, the reason, an alternative), InvalidInput (a bad name).
Core::Result<Core::Secret> write(const Format &format, const Variables &variables);
/// The same text with every value in \a secretNames replaced by dots, for a preview.
Core::Result<QByteArray> preview(const Format &format, const Variables &variables, const QList<QByteArray> &secretNames);

/// The refusal of one variable: "NAME reason." The value is not quoted.
Core::Error unsupported(QByteArrayView name, const QString &reason, const QString &alternative);
/// \a value with a backslash before each byte of \a special.
QByteArray escaped(QByteArrayView value, QByteArrayView special);

} // namespace EnvFile
