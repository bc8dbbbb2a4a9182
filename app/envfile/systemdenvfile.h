#pragma once

#include "envfile/format.h"

namespace EnvFile {

/// systemd's EnvironmentFile= (systemd.exec(5); src/basic/env-file.c).
Format systemdEnvFile();

} // namespace EnvFile
