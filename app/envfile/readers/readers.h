#pragma once

#include "envfile/reading.h"

namespace EnvFile {

// One reader for each grammar, written after the consumer's source or manual and not after our
// writer.

Reading readNodeDotenv(QByteArrayView text);
Reading readNodeEnvFile(QByteArrayView text);
Reading readPythonDotenv(QByteArrayView text);
Reading readCompose(QByteArrayView text);
Reading readGhDotenv(QByteArrayView text);

} // namespace EnvFile
