#pragma once

#include <QMap>
#include <QString>

namespace Sandbox {

/// Where the sandbox's services answer; no trailing slashes.
struct Endpoints
{
    QString authority;
    QString resourceManager;
    QString graph;
    QMap<QString, QString> accounts; ///< name to blob endpoint
};

} // namespace Sandbox
