#pragma once

#include "access/accessreport.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace Access {

/// What a principal must and must not be able to do at an account. A small YAML text:
///
///     principal: orders-app                                # optional
///     account: https://contosoprod.blob.core.windows.net   # optional
///     rules:
///       - account: true                  # the account's own row …
///         mustNot: [container.create, container.deleteAny]
///       - containers: [invoices, "in-*"] # … or containers by name, * for any characters
///         must: [blob.list, blob.read]
///         mustNot: ["blob.delete*", blob.write]
struct Contract {
    struct Rule {
        bool account = false;
        QStringList containers; ///< names or patterns with *; empty for the account's row
        QStringList must;       ///< operations or patterns with *, as in the matrix: "blob.read"
        QStringList mustNot;
        int line = 0;           ///< in the text, from 1; 0 where it was not read from one
        bool operator==(const Rule &) const = default;
    };
    QString principal;
    QString account;
    QList<Rule> rules;
    bool operator==(const Contract &) const = default;

    /// Errors: InvalidInput with line and column, for unknown keys, unknown operations (with the nearest known one), rules that
    /// ask for and forbid the same, and what is no YAML.
    static Core::Result<Contract> parse(const QByteArray &yaml);
    QByteArray toYaml() const;
    /// What the report shows as it is now: one rule for the account's row, one for each set of equal containers. Undecided and
    /// skipped cells are left out.
    static Contract of(const AccessReport &report);
};

/// What comparing a contract with a report came to.
struct ContractResult {
    enum class State { Kept, Broken, Open };
    /// One operation at one place.
    struct Clause {
        QString container; ///< empty: the account's row
        QString operation; ///< empty where the clause is about more than one
        bool must = true;  ///< false: must not
        State state = State::Open;
        QString why;       ///< one sentence for what is broken or open
        int line = 0;      ///< of the rule in the contract
        bool operator==(const Clause &) const = default;
    };
    /// In the contract's order; a pattern that meets no container gives one Open clause, and so does, at the front, a report about
    /// another principal or account.
    QList<Clause> clauses;
    QList<Finding> remedies; ///< what would mend what is broken, where the rights were read; see contractRemedies()
    int count(State state) const;
};

/// The observed cells decide; where a cell was not observed, a certain prediction does, and says so.
ContractResult compare(const Contract &contract, const AccessReport &report);

/// {"kept","broken","open","clauses":[{"container","operation","must":bool,"state":"kept|broken|open","why","line"}],"remedies":[…]}
QJsonObject toJson(const ContractResult &result);

} // namespace Access
