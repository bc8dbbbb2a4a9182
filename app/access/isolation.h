#pragma once

#include "access/accessreport.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUrl>
#include <optional>

namespace Access {

/// Several principals, each tried at each environment's account: what is its own must be allowed, all else denied.
struct Isolation {
    enum class State { Kept, Broken, Open };

    struct Subject {
        QString name;
        QString environment; ///< may be empty
        QString tenant;
        QString clientId;
        bool operator==(const Subject &) const = default;
    };
    struct Place {
        QUrl account;
        QStringList containers;       ///< those that every principal was tried at
        bool containersKnown = false; ///< whether one of its own principals could list them all
        bool operator==(const Place &) const = default;
    };
    /// One principal at one account.
    struct Pair {
        qsizetype subject = 0; ///< index into subjects
        qsizetype place = 0;   ///< index into places
        bool own = false;      ///< allowed is wanted
        State state = State::Open;
        QString why;                        ///< one sentence
        std::optional<AccessReport> report; ///< nothing where no check was possible
        bool operator==(const Pair &) const = default;
    };

    QList<Subject> subjects;
    QList<Place> places;
    QList<Pair> pairs; ///< subject by subject
    QList<Finding> warnings;
    QDateTime startedAt;
    QDateTime finishedAt;
    bool complete = true; ///< false when cancelled

    const Pair *pair(qsizetype subject, qsizetype place) const;
    int count(State state) const;
    State state() const; ///< Broken where anything is, else Open where anything is
    bool operator==(const Isolation &) const = default;
};

/// Fills in state and reason of \a pair from its report. What no container is known of stays Open, unless something is decided by
/// the account's row already; an operation that does not exist at an account is allowed to nobody.
void judge(Isolation::Pair &pair, bool containersKnown);

/// What weakens the separation before anything is asked: one client ID, or one account, in several environments.
QList<Finding> separationWarnings(const Isolation &isolation);

/// {"startedAt","finishedAt","complete","isolated":true|false|null,"principals","accounts","pairs":[{"principal","account",
/// "wanted":"allowed|denied","result":"kept|broken|open","why","report"}],"warnings"}
QJsonObject toJson(const Isolation &isolation);
QString stateName(Isolation::State state); ///< "kept", "broken", "open"

} // namespace Access
