#pragma once

#include "sandbox/directoryrights.h"
#include "sandbox/entraendpoint.h"

#include <QJsonObject>

namespace Sandbox {

/// One request to Graph, once it is known who asks.
struct GraphCall
{
    const Incoming &request;
    GraphCaller caller;
    DirectoryRights rights;
    QDateTime now;
    QString service;  ///< Graph's URL with the version: "https://graph.microsoft.com/v1.0"
    QStringList path; ///< below the version, key of the first segment apart: {"applications", ID}
    bool byAppId = false; ///< the second segment is an application's client ID
    QJsonObject body;

    QByteArray verb() const { return request.verb; }
};

/// \a context: what follows "$metadata#"; empty for none.
Answer graphAnswer(const GraphCall &call, int status, QJsonObject body, const QString &context);
/// 201 with Location.
Answer graphCreated(const GraphCall &call, const QJsonObject &body, const QString &context,
                    const QString &location);
/// 204.
Answer graphDone(const GraphCall &call);

Answer graphFailure(int status, const QString &code, const QString &message,
                    const Incoming &request, const QDateTime &now);
Answer graphNotFound(const GraphCall &call, const QString &id);
Answer graphDenied(const GraphCall &call);
Answer graphBadRequest(const GraphCall &call, const QString &message);
/// The path or the verb is none that is answered here.
Answer graphUnknown(const GraphCall &call);

} // namespace Sandbox
