#pragma once

#include "access/roleevaluator.h"
#include "http/message.h"
#include "identity/accesstoken.h"
#include "storage/listrun.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace Access {

/// A column of the matrix and the probe that measures it. All of them are on by default in the plan's source and cannot
/// change data; the reason stands beside each.
struct Probe {
    enum class Level { Account, Container };

    QString id;          ///< e.g. "blob-write-missing"
    QString operation;   ///< e.g. "blob.write": the column, and "operation" in JSON
    QString title;       ///< e.g. "write"
    QString group;       ///< "Account", "Container" or "Blob"
    Level level = Level::Container;
    RequiredPermission permission;

    QByteArray verb;
    QString path;        ///< relative to the account: "/", "/{container}", "/{container}/{random}", "/{random}"
    QString query;       ///< may hold {uuid}
    Http::Headers headers; ///< may hold {uuid}
    QByteArray body;     ///< may hold {now}, {now+5min}

    QStringList allowedWhen; ///< "200", "404 BlobNotFound"
    QStringList deniedWhen;  ///< "403 AuthorizationPermissionMismatch"
    QString method;      ///< how the answer shows it, in words: "real success", "inferred: refused only because …"
    QString harmless;    ///< why it cannot change data
    bool measuresAccountOnly = false; ///< a random container name: a container-scope role does not reach it
};

/// All default probes, in column order.
const QList<Probe> &defaultProbes();

/// A probe aimed at a place: one request.
struct ProbeStep {
    const Probe *probe = nullptr;
    QString container; ///< empty for the account's row
};

/// The requests of a check: the account's row first (it calibrates: a firewall shows there), then each container's.
struct ProbePlan {
    QList<ProbeStep> steps;
    static ProbePlan forContainers(const QStringList &containers);
};

/// The request of \a step; \a uuid makes the names that nobody else can know.
Http::Request probeRequest(const ProbeStep &step, const Storage::Endpoint &endpoint, const Identity::AccessToken &token,
                           const QString &uuid, const QDateTime &now);

} // namespace Access
