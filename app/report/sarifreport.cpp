#include "report/sarifreport.h"

#include "report/wording.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

namespace Report {

using namespace Qt::StringLiterals;
using Clause = Access::ContractResult::Clause;
using State = Access::ContractResult::State;

namespace {

enum Rule { Must, MustNot, Open };

// Brackets make links and braces make placeholders in SARIF's messages (2.1.0, 3.11).
QJsonObject message(const QString &text)
{
    QString plain = visible(text, u"\t\n");
    plain.replace(u'\\', u"\\\\"_s).replace(u'[', u"\\["_s).replace(u']', u"\\]"_s);
    plain.replace(u'{', u"{{"_s).replace(u'}', u"}}"_s);
    return {{u"text"_s, plain}};
}

QJsonObject rule(const QString &id, const QString &name, const QString &description, const QString &level)
{
    return {{u"id"_s, id},
            {u"name"_s, name},
            {u"shortDescription"_s, message(description)},
            {u"defaultConfiguration"_s, QJsonObject{{u"level"_s, level}}}};
}

// In the order of Rule: results point here by index.
QJsonArray rules()
{
    return {rule(u"contract/must"_s, u"ContractMust"_s, u"The principal cannot do what the contract says it must be able to do."_s,
                 u"error"_s),
            rule(u"contract/must-not"_s, u"ContractMustNot"_s, u"The principal can do what the contract says it must not be able to do."_s,
                 u"error"_s),
            rule(u"contract/open"_s, u"ContractOpen"_s, u"Undecided: whether the contract is kept here could not be found out."_s,
                 u"warning"_s)};
}

Rule ruleOf(const Clause &clause)
{
    return clause.state == State::Open ? Open : clause.must ? Must : MustNot;
}

QString fingerprint(const Access::AccessReport &report, const Clause &clause)
{
    const QStringList parts{report.principal, accountName(report.account), clause.container, clause.operation,
                            clause.must ? u"must"_s : u"mustNot"_s};
    return QString::fromLatin1(QCryptographicHash::hash(parts.join(u'|').toUtf8(), QCryptographicHash::Sha256).toHex());
}

QString uriOf(const QString &file)
{
    const QString path = QDir::fromNativeSeparators(file);
    if (QDir::isAbsolutePath(path))
        return QUrl::fromLocalFile(path).toString(QUrl::FullyEncoded);
    return QString::fromLatin1(QUrl::toPercentEncoding(QDir::cleanPath(path), "/"));
}

QJsonArray locations(const QString &contractFile, int line)
{
    if (contractFile.isEmpty())
        return {};
    QJsonObject place{{u"artifactLocation"_s, QJsonObject{{u"uri"_s, uriOf(contractFile)}}}};
    if (line > 0)
        place.insert(u"region"_s, QJsonObject{{u"startLine"_s, line}});
    return {QJsonObject{{u"physicalLocation"_s, place}}};
}

QJsonObject resultOf(const Access::AccessReport &report, const Clause &clause, const QString &contractFile)
{
    const Rule index = ruleOf(clause);
    const QString name = clauseName(report.principal, clause);
    return {{u"ruleId"_s, rules()[index].toObject()[u"id"_s]},
            {u"ruleIndex"_s, static_cast<int>(index)},
            {u"level"_s, index == Open ? u"warning"_s : u"error"_s},
            {u"message"_s, message(clause.why.isEmpty() ? name : name + u". "_s + clause.why)},
            {u"locations"_s, locations(contractFile, clause.line)},
            {u"partialFingerprints"_s, QJsonObject{{u"rolescopeClause/v1"_s, fingerprint(report, clause)}}}};
}

QJsonObject notification(const Access::Finding &finding, const QString &level)
{
    return {{u"descriptor"_s, QJsonObject{{u"id"_s, visible(finding.id)}}},
            {u"level"_s, level},
            {u"message"_s, message((finding.cause + u' ' + finding.nextStep).trimmed())}};
}

QJsonObject invocation(const Access::AccessReport &report)
{
    QJsonObject made{{u"executionSuccessful"_s, report.complete}};
    if (report.startedAt.isValid())
        made.insert(u"startTimeUtc"_s, report.startedAt.toUTC().toString(Qt::ISODateWithMs));
    if (report.finishedAt.isValid())
        made.insert(u"endTimeUtc"_s, report.finishedAt.toUTC().toString(Qt::ISODateWithMs));
    QJsonArray notifications;
    if (report.finding)
        notifications.append(notification(*report.finding, u"error"_s));
    for (const Access::Finding &note : report.notes)
        notifications.append(notification(note, u"note"_s));
    if (!notifications.isEmpty())
        made.insert(u"toolExecutionNotifications"_s, notifications);
    return made;
}

} // namespace

QByteArray sarif(const Access::AccessReport &report, const Access::ContractResult &result, const QString &contractFile)
{
    QJsonArray results;
    for (const Clause &clause : result.clauses) {
        if (clause.state != State::Kept)
            results.append(resultOf(report, clause, contractFile));
    }
    const QString version = QStringLiteral(ROLESCOPE_VERSION);
    const QJsonObject driver{{u"name"_s, u"Rolescope"_s}, {u"version"_s, version}, {u"semanticVersion"_s, version}, {u"rules"_s, rules()}};
    const QJsonObject run{{u"tool"_s, QJsonObject{{u"driver"_s, driver}}},
                          {u"invocations"_s, QJsonArray{invocation(report)}},
                          {u"columnKind"_s, u"utf16CodeUnits"_s},
                          {u"results"_s, results}};
    return QJsonDocument(QJsonObject{{u"$schema"_s, u"https://json.schemastore.org/sarif-2.1.0.json"_s},
                                     {u"version"_s, u"2.1.0"_s},
                                     {u"runs"_s, QJsonArray{run}}})
        .toJson();
}

} // namespace Report
