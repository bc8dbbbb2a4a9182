#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "envfile/names.h"
#include "envfile/reading.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>
#include <utility>
#include <optional>

namespace EnvFile {

/// Names and their bytes, in the order in which they shall stand.
using Variables = QList<std::pair<QByteArray, Core::Secret>>;

/// A path as it stands in a usage line: as it is.
std::optional<QString> plainPath(const QString &path);

/// One grammar and its writer. A writer either yields what its consumer reads back byte for byte or
/// refuses (Unsupported) with the reason and an alternative; the message never quotes the value.
struct Format
{
    enum class Shape {
        File,  ///< one text
        Folder ///< one file for each variable; an assignment is that file's content
    };

    QString id;       ///< "systemd-envfile", "shell", …: as on the command line
    QString title;    ///< "systemd unit (EnvironmentFile=)"
    QString fileName; ///< what such a file is usually called, e.g. "rolescope.env"
    QString usage;    ///< how the consumer is pointed at it, one or two lines with {path}
    /// One assignment, with its line end where the format has lines. The name has been checked by
    /// \c nameFault, the value for what no environment can hold (NUL, 128 KiB) unless \c
    /// holdsAnyBytes.
    Core::Result<QByteArray> (*assignment)(QByteArrayView name, QByteArrayView value) = nullptr;
    QByteArray header;    ///< before the first assignment
    QByteArray separator; ///< between two
    QByteArray footer;    ///< after the last
    std::optional<QString> (*quotedPath)(const QString &path) =
        plainPath; ///< a path as it must be written in \c usage
    QString (*nameFault)(QByteArrayView name) =
        identifierFault;   ///< why a name does not fit; empty: it does
    Reader read = nullptr; ///< what the consumer makes of a text; of one variable's file where the
                           ///< shape is Folder
    Shape shape = Shape::File;
    bool holdsAnyBytes = false; ///< values reach the application as files, so that the limits of an
                                ///< environment do not count
    qsizetype sizeLimit = 0;    ///< bytes of all values together; 0: none
    QString caution;            ///< what to know before it is used for a secret; may be empty
    QStringList aliases;        ///< other words for it on the command line, e.g. "podman"
};

/// Every format, in the order in which a list shows them.
const QList<Format> &formats();
/// The format with this id or alias; null where there is none.
const Format *findFormat(const QString &id);

/// How the consumer is pointed at the file or folder \a path, ready to copy.
QString usage(const Format &format, const QString &path);

/// The whole text of a format of shape File. Errors: Unsupported (names the variable, the reason,
/// an alternative), InvalidInput (a bad name, or one that stands twice).
Core::Result<Core::Secret> write(const Format &format, const Variables &variables);
/// The files of a format of shape Folder: name and content. Errors: as write().
Core::Result<Variables> writeFolder(const Format &format, const Variables &variables);
/// The same with every value in \a secretNames replaced by stars, for a preview; a folder's files
/// under their names.
Core::Result<QByteArray> preview(const Format &format, const Variables &variables,
                                 const QList<QByteArray> &secretNames);

} // namespace EnvFile
