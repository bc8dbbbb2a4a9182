#pragma once

#include "envfile/format.h"

namespace EnvFile {

/// What one consumer makes of a file, held against what its writer will have meant.
struct ConsumerView
{
    const Format *format = nullptr;
    Reading reading;
    QList<QByteArray> astray; ///< names that it misses or reads otherwise than meant

    bool asMeant() const { return reading.refusal.isEmpty() && astray.isEmpty(); }
};

/// An environment file, looked at through the eyes of those who may read it.
struct Inspection
{
    QString refusal; ///< why it is not looked at, or not further; the first defect too. Empty: it is
    QList<Remark> defects; ///< of the file itself: byte order mark, CRLF, bytes that are no text,
                           ///< names that stand twice
    Variables meant; ///< what the writer will have meant, without what copying and editors add
    QList<QByteArray> uncertain; ///< of these: values that depend on other variables or commands
    QList<ConsumerView> consumers;
};

/// Why \a text is larger than anything that is an environment, and is not looked at; empty where it
/// is not.
QString sizeFault(QByteArrayView text);

/// Looks at \a text as \a format's consumer would, or, without one, as each of those who read
/// NAME=value lines would and the one whose form it has. Pure; never fails.
/// What has a \c sizeFault, or brings a reader over its budget, is refused: that is its one defect,
/// and nothing is meant by it.
Inspection inspect(QByteArrayView text, const Format *format);

/// The same for a folder with one file for each variable: \a files are names and contents. Without
/// a \a format as daemontools, s6 and systemd's credentials would.
Inspection inspectFolder(const Variables &files, const Format *format);

/// What \a format's consumer makes of a folder: one file's first variable under the file's name.
Reading readFolder(const Format &format, const Variables &files);

/// The text that \a format's consumer would read as meant. Errors: as write().
Core::Result<Core::Secret> repaired(const Inspection &inspection, const Format &format);

} // namespace EnvFile
