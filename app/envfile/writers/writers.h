#pragma once

#include "envfile/format.h"

namespace EnvFile {

// One factory for each grammar; the source that each follows stands beside its writer.

Format systemdEnvFile();
Format shellAndSystemd();
Format systemdUnit();
Format systemdCredential();
Format environmentD();
Format posixShell();
Format fish();
Format powerShell();
Format windowsBatch();
Format pythonDotenv();
Format nodeDotenv();
Format nodeEnvFile();
Format vsCode();
Format dockerEnvFile();
Format composeEnvFile();
Format kubernetesSecret();
Format kubernetesFromEnvFile();
Format direnv();
Format ghDotenv();
Format appSettings();
Format localSettings();
Format supervisord();
Format envdir();
Format s6Envdir();
Format crontab();
Format gunicorn();
Format uwsgi();

/// export NAME='value', the one POSIX quoting that has no exception (POSIX.1-2017, Shell Command
/// Language, 2.2.2).
Core::Result<QByteArray> exportAssignment(QByteArrayView name, QByteArrayView value);
/// NAME="value" as systemd and a POSIX shell read it alike.
Core::Result<QByteArray> systemdAssignment(QByteArrayView name, QByteArrayView value);
/// \a value as text that systemd takes. Errors: Unsupported for broken UTF-8 and noncharacters.
Core::Result<QString> systemdText(QByteArrayView name, QByteArrayView value);

} // namespace EnvFile
