// A principal's whole matrix off the main thread: 2,000 role assignments, all built-in roles, 1,000
// containers, every probed operation. Beside it, in the same run, a naive rival ("regex scan") that
// walks all assignments for each cell, turns each pattern of the role into a regular expression and
// gives no reasons; it is asked for a twentieth of the containers, since it takes minutes for all.
// Says cells a second, their ratio, and the longest gap in the main thread's events. usage: bench_evaluator [ROUNDS]
#include "access/authorizationfacts.h"
#include "access/probeplan.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTextStream>
#include <QThread>
#include <QTimer>
#include <algorithm>
#include <cstdlib>

using namespace Qt::StringLiterals;
using Access::AuthorizationFacts;
using Access::Decision;

namespace {

constexpr int assignmentCount = 2000;
constexpr int containerCount = 1000;
constexpr int rivalsContainers = containerCount / 20;

// Each assignment is the principal's own or a group's of it with the given chance; the rest is
// other people's.
AuthorizationFacts makeFacts(double own)
{
    QRandomGenerator random(3);
    AuthorizationFacts facts;
    facts.account = *Azure::Scope::parse(
        u"/subscriptions/S/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct"_s);
    facts.principalIds = {u"me"_s, u"group-1"_s, u"group-2"_s, u"group-3"_s};
    facts.groupsKnown = true;
    facts.managementGroupsKnown = true;
    facts.definitions = Azure::builtInRoles();
    facts.hierarchicalNamespace = false;
    facts.subscriptionContainsDatabricks = false;
    for (int i = 0; i < assignmentCount; ++i) {
        Azure::RoleAssignment one;
        one.id = u"assignment-%1"_s.arg(i);
        one.roleDefinitionId = facts.definitions[random.bounded(facts.definitions.size())].id;
        one.principalId = random.generateDouble() < own ? facts.principalIds[random.bounded(4)]
                                                        : u"other-%1"_s.arg(random.bounded(300));
        one.principalType = u"ServicePrincipal"_s;
        one.scope = random.bounded(4)
                        ? facts.account.container(u"c%1"_s.arg(random.bounded(containerCount)))
                        : facts.account;
        facts.assignments.append(one);
    }
    return facts;
}

template<typename Cell>
qint64 matrix(int containers, Cell cell)
{
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < containers; ++i) {
        for (const Access::Probe &probe : Access::defaultProbes())
            cell(u"c%1"_s.arg(i), probe);
    }
    return timer.nsecsElapsed();
}

qint64 ours(const AuthorizationFacts &facts, int containers, qint64 *allowed)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QElapsedTimer timer;
    timer.start();
    const Access::RoleEvaluator roles(facts.assignments, facts.definitions, facts.denies);
    const qint64 preparing = timer.nsecsElapsed();
    return preparing + matrix(containers, [&](const QString &container, const Access::Probe &probe) {
               *allowed +=
                   Access::predict(facts, roles, probe.operation, container, now).decision ==
                   Decision::Allowed;
           });
}

bool matchesByRegex(const QStringList &patterns, const QString &action)
{
    return std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &pattern) {
        const QString form = QRegularExpression::escape(pattern).replace(u"\\*"_s, u".*"_s);
        return QRegularExpression(QRegularExpression::anchoredPattern(form),
                                  QRegularExpression::CaseInsensitiveOption)
            .match(action)
            .hasMatch();
    });
}

bool naiveCell(const AuthorizationFacts &facts, const Azure::Scope &scope,
               const Access::RequiredPermission &required)
{
    for (const Azure::RoleAssignment &one : facts.assignments) {
        if (!facts.principalIds.contains(one.principalId) || !one.scope.contains(scope))
            continue;
        for (const Azure::RoleDefinition &role : facts.definitions) {
            if (role.id != one.roleDefinitionId)
                continue;
            for (const Azure::Permission &permission : role.permissions) {
                const auto &[yes, no] =
                    required.isDataAction
                        ? std::pair{permission.dataActions, permission.notDataActions}
                        : std::pair{permission.actions, permission.notActions};
                if (matchesByRegex(yes, required.action) && !matchesByRegex(no, required.action))
                    return true;
            }
        }
    }
    return false;
}

qint64 naive(const AuthorizationFacts &facts, qint64 *allowed)
{
    return matrix(rivalsContainers, [&](const QString &container, const Access::Probe &probe) {
        *allowed += naiveCell(
            facts, container.isEmpty() ? facts.account : facts.account.container(container),
            probe.permission);
    });
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void report(QTextStream &out, const QString &name, double own, int rounds)
{
    const AuthorizationFacts facts = makeFacts(own);
    const double probes = double(Access::defaultProbes().size());
    const double cells = containerCount * probes;
    const double rivalsCells = rivalsContainers * probes;
    QList<double> our, their;
    qint64 all = 0, allowed = 0, allowedToo = 0;
    ours(facts, rivalsContainers, &allowed);
    for (int round = 0; round < rounds; ++round) {
        our.append(double(ours(facts, containerCount, &all)) / 1e6);
        allowedToo = 0;
        their.append(double(naive(facts, &allowedToo)) / 1e6);
    }
    const double ourRate = cells / median(our) * 1000;
    const double theirRate = rivalsCells / median(their) * 1000;
    out << name << ": " << cells << " cells in " << median(our) << " ms, " << ourRate
        << " a second; regex scan " << theirRate << " a second; ratio " << ourRate / theirRate
        << "; of the same cells allowed " << allowed << " and " << allowedToo << "\n";
}

// A whole check of which the service refused every cell: reasons, findings and the smallest fix of each.
void explain(QTextStream &out)
{
    const AuthorizationFacts facts = makeFacts(0.02);
    Access::AccessReport checked;
    matrix(containerCount, [&](const QString &container, const Access::Probe &probe) {
        Access::Cell cell;
        cell.container = probe.level == Access::Probe::Level::Container ? container : QString();
        cell.operation = probe.operation;
        cell.observed = Access::Observation::Denied;
        checked.cells.append(cell);
    });
    QElapsedTimer timer;
    timer.start();
    Access::addPrediction(checked, facts);
    const auto fixed = std::count_if(checked.cells.cbegin(), checked.cells.cend(), [](const Access::Cell &cell) {
        return cell.finding && !cell.finding->command.isEmpty();
    });
    out << "explained, each with its smallest fix: " << checked.cells.size() << " refused cells in " << timer.elapsed()
        << " ms, " << fixed << " with a command\n";
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
    QElapsedTimer since;
    qint64 longest = 0;
    QTimer ticks;
    QObject::connect(&ticks, &QTimer::timeout, &ticks,
                     [&] { longest = std::max(longest, since.restart()); });
    QTextStream out(stdout);
    QThread *worker = QThread::create([&] {
        report(out, u"a principal with a fiftieth of the assignments"_s, 0.02, rounds);
        report(out, u"a principal with all of them"_s, 1.0, 1);
        explain(out);
    });
    QObject::connect(worker, &QThread::finished, &app, &QCoreApplication::quit);
    since.start();
    ticks.start(4);
    worker->start();
    app.exec();
    delete worker;
    out << "longest gap between two ticks of 4 ms in the main thread: " << longest << " ms\n";
    return 0;
}
