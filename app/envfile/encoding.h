#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace EnvFile {

/// The refusal of one variable: "NAME reason." The value is not quoted. Without an alternative:
/// make a new secret.
Core::Error unsupported(QByteArrayView name, const QString &reason,
                        const QString &alternative = {});

/// The alternative for what is no text.
QString credentialAlternative();

/// \a value as text. Errors: Unsupported where it is not valid UTF-8.
Core::Result<QString> textOf(QByteArrayView name, QByteArrayView value);

/// Unsupported where \a value contains a line feed, for formats of one line without an escape.
Core::Result<void> refuseLineFeed(QByteArrayView name, QByteArrayView value);

/// \a value with a backslash before each byte of \a special.
QByteArray escaped(QByteArrayView value, QByteArrayView special);

/// \a value with each \a from as \a to; a copy even where nothing changes.
QByteArray replaced(QByteArrayView value, QByteArrayView from, QByteArrayView to);

/// U+FDD0 to U+FDEF and the last two of each plane: not for interchange, and refused by systemd.
bool hasNoncharacter(const QString &text);

/// What Python's str.strip() takes away: Unicode white space and the four separators of ASCII.
bool isPythonSpace(QChar c);

/// Space, tab, line feed, vertical tab, form feed, carriage return: isspace() of C in the C locale.
bool isCSpace(char c);

/// Bytes below 0x20 and 0x7F.
bool isControl(char c);

} // namespace EnvFile
