#include "envfile/writers/writers.h"

namespace EnvFile {

const QList<Format> &formats()
{
    static const QList<Format> all{
        systemdEnvFile(),
        posixShell(),
        pythonDotenv(), // what most people look for
        shellAndSystemd(),
        systemdUnit(),
        systemdCredential(),
        environmentD(),
        fish(),
        powerShell(),
        windowsBatch(),
        direnv(),
        nodeDotenv(),
        nodeEnvFile(),
        vsCode(),
        dockerEnvFile(),
        composeEnvFile(),
        kubernetesSecret(),
        kubernetesFromEnvFile(),
        ghDotenv(),
        appSettings(),
        localSettings(),
        gunicorn(),
        uwsgi(),
        supervisord(),
        envdir(),
        s6Envdir(),
        crontab(),
    };
    return all;
}

} // namespace EnvFile
