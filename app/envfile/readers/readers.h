#pragma once

#include "envfile/reading.h"

namespace EnvFile {

// One reader for each grammar, written after the consumer's source or manual and not after our
// writer.

Reading readNodeDotenv(QByteArrayView text);
Reading readNodeEnvFile(QByteArrayView text);
Reading readVsCode(QByteArrayView text); ///< certain is what its debuggers read alike
Reading readPythonDotenv(QByteArrayView text);
Reading readCompose(QByteArrayView text);
Reading readGhDotenv(QByteArrayView text);
Reading readSystemd(QByteArrayView text);
Reading readSystemdUnit(QByteArrayView text);
Reading readEnvironmentD(QByteArrayView text);
Reading readShell(
    QByteArrayView text); ///< what is exported; an assignment alone does not reach the application
Reading readShellAndSystemd(QByteArrayView text); ///< the shell under set -a
Reading readFish(QByteArrayView text);
Reading readPowerShell(QByteArrayView text);
Reading readWindowsBatch(QByteArrayView text);
Reading readDockerEnvFile(QByteArrayView text);
Reading readKubernetesFromEnvFile(QByteArrayView text);
Reading readKubernetesSecret(QByteArrayView text);
Reading readAppSettings(QByteArrayView text);
Reading readLocalSettings(QByteArrayView text);
Reading readSupervisord(QByteArrayView text);
Reading readCrontab(QByteArrayView text);
Reading readUwsgi(QByteArrayView text);
Reading readGunicorn(QByteArrayView text);

// The file of one variable in a folder: one variable without a name, or none where the file removes
// it.
Reading readEnvdirFile(QByteArrayView text);
Reading readS6EnvdirFile(QByteArrayView text);
Reading readCredentialFile(QByteArrayView text);

} // namespace EnvFile
