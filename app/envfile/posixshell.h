#pragma once

#include "envfile/format.h"

namespace EnvFile {

/// A script that a POSIX shell sources (POSIX.1-2017, Shell Command Language, 2.2.2 Single-Quotes).
Format posixShell();

} // namespace EnvFile
