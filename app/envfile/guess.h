#pragma once

#include "core/result.h"

#include <QByteArrayView>
#include <QString>

namespace EnvFile {

/// The format that \a text is in: "json" for an object of names and values, else the id of a format
/// whose form it has, or of one of the NAME=value family where all of these read the same from it.
/// Errors: InvalidInput (nothing fits, or the consumers read it differently and the caller must say
/// which is meant).
Core::Result<QString> guessFormat(QByteArrayView text);

} // namespace EnvFile
