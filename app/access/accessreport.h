#pragma once

#include "access/remedies.h"
#include "access/roleevaluator.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUrl>
#include <optional>

namespace Access {

enum class Observation { NotAsked, Running, Allowed, Denied, Undecided, Skipped };

/// What came back for one probe.
struct Evidence {
    QByteArray method;  ///< HTTP verb
    QString url;        ///< without query secrets
    int status = 0;     ///< 0 where no answer came
    QString code;       ///< the service's code, or the transport error's kind
    QString requestId;
    QDateTime at;
    QString how;        ///< what the verdict rests on, as a clause: Probe::method, or that the service refused
    bool operator==(const Evidence &) const = default;
};

struct Cell {
    QString container;  ///< empty: the account's row
    QString operation;  ///< "blob.write"
    QString permission;
    Observation observed = Observation::NotAsked;
    Evidence evidence;
    Decision predicted = Decision::Undecided;
    bool predictionKnown = false; ///< false: "unknown" in JSON
    std::optional<Decision> asked; ///< what Resource Manager's list of the caller's permissions says, where it answered
    QList<Verdict::Because> because;
    std::optional<Finding> finding; ///< cause and next step, where there is something to say
    bool operator==(const Cell &) const = default;
};

struct AccessReport {
    QString principal;
    QUrl account;
    QDateTime startedAt;
    QDateTime finishedAt;
    bool complete = true; ///< false when cancelled or out of budget
    bool allContainers = false; ///< the containers are all that the account has, as listed; false: some that were named
    QList<Cell> cells;    ///< row by row: account first, then containers in the order asked
    std::optional<Finding> finding; ///< one that concerns the whole account: firewall, unknown host, wrong tenant, …
    QString predictedBy;  ///< by whose eyes the assignments were read, e.g. "the principal itself"; empty: no prediction
    QList<Finding> notes; ///< about the report as a whole: what could not be read, assignments wider than what is used

    const Cell *cell(const QString &container, const QString &operation) const;
    QStringList containers() const; ///< in order, without the account's row
    int count(Observation observation) const; ///< what was never asked counts as Skipped
    bool operator==(const AccessReport &) const = default;
};

/// As CLI.md's `check --json` prints it.
QJsonObject toJson(const AccessReport &report);
/// {"id","cause","nextStep","command","confidence"}
QJsonObject toJson(const Finding &finding);
QString decisionName(Decision decision); ///< "allowed", "denied", "undecided"
QString observationName(Observation observation); ///< "allowed", "denied", "undecided", "skipped", …

} // namespace Access
