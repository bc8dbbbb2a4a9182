#include "access/contractremedies.h"

#include "access/smallestfix.h"

#include <QSet>

namespace Access {

using namespace Qt::StringLiterals;
using State = ContractResult::State;

namespace {

QString placeOf(const QString &container)
{
    return container.isEmpty() ? u"the account"_s : container;
}

// One assignment for each place, that allows all it lacks.
void appendFixes(QList<Finding> &remedies, const ContractResult &result, const AuthorizationFacts &facts, const QDateTime &now)
{
    QStringList places;
    QHash<QString, QList<WantedCell>> wanted;
    for (const auto &clause : result.clauses) {
        if (clause.state != State::Broken || !clause.must)
            continue;
        if (!places.contains(clause.container))
            places.append(clause.container);
        wanted[clause.container].append({clause.container, clause.operation});
    }
    for (const QString &place : places) {
        QStringList operations;
        for (const WantedCell &cell : wanted.value(place))
            operations.append(operationInWords(cell.operation));
        const QString cause = u"The contract wants that it may %1 at %2."_s.arg(operations.join(u", "_s), placeOf(place));
        const QList<Fix> fixes = smallestFixes(facts, wanted.value(place), now, 1);
        if (fixes.isEmpty()) {
            remedies.append({u"no-single-fix"_s, cause, u"No single role that is known would allow it: look at deny assignments, or at conditions."_s, {}, u"certain"_s});
            continue;
        }
        remedies.append({u"assign-role"_s, cause,
                         u"Assign “%1” at %2 (%3)."_s.arg(fixes.first().role, placeOf(place), fixes.first().words()), fixes.first().command, u"certain"_s});
    }
}

void appendOverGrants(QList<Finding> &remedies, const ContractResult &result, const AuthorizationFacts &facts, const QDateTime &now)
{
    QStringList places;
    QHash<QString, QList<WantedCell>> unwanted;
    for (const auto &clause : result.clauses) {
        if (clause.state != State::Broken || clause.must)
            continue;
        if (!places.contains(clause.container))
            places.append(clause.container);
        unwanted[clause.container].append({clause.container, clause.operation});
    }
    QSet<QString> told; // one assignment reaches many containers
    for (const QString &place : places) {
        QStringList operations;
        for (const WantedCell &cell : unwanted.value(place))
            operations.append(operationInWords(cell.operation));
        for (const OverGrant &grant : overGrants(facts, unwanted.value(place), now)) {
            const QString key = grant.assignment + (grant.narrower ? grant.narrower->command : QString());
            if (told.contains(key))
                continue;
            told.insert(key);
            Finding finding{u"narrow-assignment"_s,
                            u"“%1” at %2 allows it to %3 at %4, which the contract forbids."_s.arg(grant.role, grant.scope.lastName(),
                                                                                               operations.join(u", "_s), placeOf(place)),
                            grant.words(), grant.command, u"certain"_s};
            if (grant.narrower)
                finding.command = grant.narrower->command + u'\n' + grant.command;
            remedies.append(finding);
        }
    }
}

} // namespace

QList<Finding> contractRemedies(const ContractResult &result, const AuthorizationFacts &facts, const QDateTime &now)
{
    QList<Finding> remedies;
    appendFixes(remedies, result, facts, now);
    appendOverGrants(remedies, result, facts, now);
    return remedies;
}

} // namespace Access
