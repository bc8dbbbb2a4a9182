#include "access/contract.h"
#include "access/probeplan.h"
#include "access/verdict.h"
#include "access/yamlnode.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <algorithm>
#include <map>

namespace Access {

using namespace Qt::StringLiterals;
using Clause = ContractResult::Clause;
using Rule = Contract::Rule;
using State = ContractResult::State;

namespace {

bool isKnown(const Cell &cell)
{
    return std::any_of(defaultProbes().cbegin(), defaultProbes().cend(), [&](const Probe &probe) {
        return probe.operation == cell.operation && (probe.level == Probe::Level::Account) == cell.container.isEmpty();
    });
}

// Each known operation once, in the contract's order; what covers none stays as it is written, and open.
QStringList operations(const QStringList &patterns, bool account)
{
    QStringList all;
    for (const QString &pattern : patterns) {
        QStringList covered;
        for (const Probe &probe : defaultProbes()) {
            if ((probe.level == Probe::Level::Account) == account && matchesAction(pattern, probe.operation))
                covered.append(probe.operation);
        }
        all += covered.isEmpty() ? QStringList{pattern} : covered;
    }
    all.removeDuplicates();
    return all;
}

QString normalized(QString text)
{
    while (text.endsWith(u'/'))
        text.chop(1);
    return text.toCaseFolded();
}

QString answer(const Cell &cell)
{
    const QString status = cell.evidence.status > 0 ? QString::number(cell.evidence.status) : QString();
    const QString what = QStringList{status, cell.evidence.code}.join(u' ').trimmed();
    return what.isEmpty() ? u"."_s : u": %1."_s.arg(what);
}

/// Judges the clauses one by one and puts them in order.
class Comparison
{
public:
    explicit Comparison(const AccessReport &report) : m_containers(report.containers())
    {
        m_containers.removeDuplicates();
        for (const Cell &cell : report.cells) {
            const Cell *&first = m_cells[cell.container][cell.operation];
            first = first ? first : &cell;
        }
    }

    ContractResult result;

    void compare(const Rule &rule);

private:
    void addPlace(const Rule &rule, const QString &container, bool checked);
    Clause judged(Clause clause) const;

    QStringList m_containers;
    QHash<QString, QHash<QString, const Cell *>> m_cells; // as AccessReport::cell() finds them, but quickly
};

Clause Comparison::judged(Clause clause) const
{
    const Cell *cell = m_cells.value(clause.container).value(clause.operation);
    clause.why.clear();
    const auto decided = [&](bool allowed) { return allowed == clause.must ? State::Kept : State::Broken; };
    if (!cell) {
        clause.why = u"This was not asked."_s;
    } else if (cell->observed == Observation::Allowed || cell->observed == Observation::Denied) {
        clause.state = decided(cell->observed == Observation::Allowed);
        if (clause.state == State::Broken)
            clause.why = (clause.must ? u"This was denied"_s : u"This was allowed"_s) + answer(*cell);
    } else if (cell->predictionKnown && cell->predicted != Decision::Undecided) {
        clause.state = decided(cell->predicted == Decision::Allowed);
        clause.why = u"This is predicted, not observed: %1."_s.arg(decisionName(cell->predicted));
    } else if (cell->finding) {
        clause.why = cell->finding->cause;
    } else {
        clause.why = cell->observed == Observation::Undecided ? u"The answer decides nothing"_s + answer(*cell) : u"This was not asked."_s;
    }
    return clause;
}

void Comparison::addPlace(const Rule &rule, const QString &container, bool checked)
{
    for (const bool must : {true, false}) {
        for (const QString &operation : operations(must ? rule.must : rule.mustNot, rule.account)) {
            const Clause clause{container, operation, must, State::Open, u"The container was not checked."_s, rule.line};
            result.clauses.append(checked ? judged(clause) : clause);
        }
    }
}

void Comparison::compare(const Rule &rule)
{
    if (rule.account)
        addPlace(rule, {}, true);
    QSet<QString> done; // a container that two entries of one rule meet is judged once
    for (const QString &entry : rule.containers) {
        bool met = false;
        for (const QString &container : m_containers) {
            if (!matchesAction(entry, container))
                continue;
            met = true;
            if (!done.contains(container))
                addPlace(rule, container, true);
            done.insert(container);
        }
        if (met || done.contains(entry))
            continue;
        done.insert(entry);
        if (entry.contains(u'*'))
            result.clauses.append({entry, {}, !rule.must.isEmpty(), State::Open, u"No container that was checked has such a name."_s, rule.line});
        else
            addPlace(rule, entry, false);
    }
}

// One sentence for the principal, the account or both; empty where they are the report's.
QString otherSubject(const Contract &contract, const AccessReport &report)
{
    QStringList differences;
    const auto compare = [&](const QString &what, const QString &wanted, const QString &found) {
        if (!wanted.isEmpty() && normalized(wanted) != normalized(found))
            differences.append(u"the %1 \"%2\", the report about \"%3\""_s.arg(what, wanted, found));
    };
    compare(u"principal"_s, contract.principal, report.principal);
    compare(u"account"_s, contract.account, report.account.toString());
    return differences.isEmpty() ? QString() : u"The contract is about %1."_s.arg(differences.join(u"; and about "_s));
}

Rule ruleFor(const QList<const Cell *> &cells)
{
    Rule rule;
    for (const Cell *cell : cells) {
        if (!isKnown(*cell) || rule.must.contains(cell->operation) || rule.mustNot.contains(cell->operation))
            continue;
        if (cell->observed == Observation::Allowed)
            rule.must.append(cell->operation);
        else if (cell->observed == Observation::Denied)
            rule.mustNot.append(cell->operation);
    }
    return rule;
}

// On one line where it fits; else one to a line, so that a change of one entry is a small difference.
void appendList(QString &yaml, const QString &key, const QStringList &entries)
{
    if (entries.isEmpty())
        return;
    QStringList scalars;
    for (const QString &entry : entries)
        scalars.append(yamlScalar(entry));
    const QString line = u"    %1: [%2]\n"_s.arg(key, scalars.join(u", "_s));
    yaml += line.size() <= 100 ? line : u"    %1:\n      - %2\n"_s.arg(key, scalars.join(u"\n      - "_s));
}

} // namespace

Contract Contract::of(const AccessReport &report)
{
    Contract contract{report.principal, report.account.toString(), {}};
    QStringList places;
    QHash<QString, QList<const Cell *>> cells;
    for (const Cell &cell : report.cells) {
        if (!cells.contains(cell.container))
            places.append(cell.container);
        cells[cell.container].append(&cell);
    }
    if (places.removeOne(QString()))
        places.prepend(QString());
    std::map<std::pair<QStringList, QStringList>, qsizetype> known; // containers of which the same is known, to their rule
    for (const QString &place : places) {
        Rule rule = ruleFor(cells.value(place));
        if (rule.must.isEmpty() && rule.mustNot.isEmpty())
            continue;
        if (place.isEmpty()) {
            rule.account = true;
            contract.rules.append(rule);
            continue;
        }
        const auto [found, isNew] = known.try_emplace({rule.must, rule.mustNot}, contract.rules.size());
        if (isNew)
            contract.rules.append(rule);
        contract.rules[found->second].containers.append(place);
    }
    return contract;
}

QByteArray Contract::toYaml() const
{
    QString yaml;
    if (!principal.isEmpty())
        yaml += u"principal: %1\n"_s.arg(yamlScalar(principal));
    if (!account.isEmpty())
        yaml += u"account: %1\n"_s.arg(yamlScalar(account));
    yaml += rules.isEmpty() ? u"rules: []\n"_s : u"rules:\n"_s;
    for (const Rule &rule : rules) {
        QString text;
        if (rule.account)
            text += u"    account: true\n"_s;
        appendList(text, u"containers"_s, rule.containers);
        appendList(text, u"must"_s, rule.must);
        appendList(text, u"mustNot"_s, rule.mustNot);
        yaml += u"  - "_s + text.sliced(std::min<qsizetype>(4, text.size()));
    }
    return yaml.toUtf8();
}

int ContractResult::count(State state) const
{
    return static_cast<int>(std::count_if(clauses.cbegin(), clauses.cend(), [&](const Clause &one) { return one.state == state; }));
}

QJsonObject toJson(const ContractResult &result)
{
    const auto name = [](State state) { return state == State::Kept ? u"kept"_s : state == State::Broken ? u"broken"_s : u"open"_s; };
    QJsonArray clauses;
    for (const Clause &one : result.clauses) {
        clauses.append(QJsonObject{{u"container"_s, one.container.isEmpty() ? QJsonValue() : QJsonValue(one.container)},
                                   {u"operation"_s, one.operation.isEmpty() ? QJsonValue() : QJsonValue(one.operation)},
                                   {u"must"_s, one.must},
                                   {u"state"_s, name(one.state)},
                                   {u"why"_s, one.why.isEmpty() ? QJsonValue() : QJsonValue(one.why)},
                                   {u"line"_s, one.line}});
    }
    QJsonArray remedies;
    for (const Finding &one : result.remedies)
        remedies.append(toJson(one));
    return {{u"kept"_s, result.count(State::Kept)},
            {u"broken"_s, result.count(State::Broken)},
            {u"open"_s, result.count(State::Open)},
            {u"clauses"_s, clauses},
            {u"remedies"_s, remedies}};
}

ContractResult compare(const Contract &contract, const AccessReport &report)
{
    Comparison comparison(report);
    if (const QString other = otherSubject(contract, report); !other.isEmpty())
        comparison.result.clauses.append({{}, {}, true, State::Open, other, 0});
    for (const Rule &rule : contract.rules)
        comparison.compare(rule);
    return comparison.result;
}

} // namespace Access
