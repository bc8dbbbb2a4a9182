#pragma once

#include "envfile/format.h"

namespace EnvFile {

/// python-dotenv (src/dotenv/parser.py and variables.py, 0.21 and 1.0).
Format pythonDotenv();

} // namespace EnvFile
