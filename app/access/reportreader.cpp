#include "access/reportreader.h"

#include <QJsonArray>
#include <cmath>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

/// Reads members by name and keeps the first error; what is read after it does not matter. A member that is absent or null is
/// empty, one of another type is an error.
class Reader
{
public:
    std::optional<Core::Error> error;

    AccessReport report(const QJsonObject &json);

private:
    void fail(const QString &path, const QString &what)
    {
        if (!error)
            error = Core::Error{.kind = Core::Error::Kind::InvalidInput,
                                .message = u"This is no report: \"%1\" %2."_s.arg(path, what),
                                .nextStep = u"Give a file that `rolescope-cli check --json` wrote."_s};
    }
    QJsonValue member(const QJsonObject &from, const QString &path, QJsonValue::Type type)
    {
        const QJsonValue value = from[path.section(u'.', -1)];
        if (value.isUndefined() || value.isNull())
            return QJsonValue();
        if (value.type() != type)
            fail(path, u"is of the wrong type"_s);
        return value;
    }
    QString text(const QJsonObject &from, const QString &path) { return member(from, path, QJsonValue::String).toString(); }
    QJsonObject object(const QJsonObject &from, const QString &path) { return member(from, path, QJsonValue::Object).toObject(); }

    template<typename Read>
    void each(const QJsonObject &from, const QString &path, Read read);
    QDateTime time(const QJsonObject &from, const QString &path);
    QString needed(const QJsonObject &from, const QString &path);
    Observation observation(const QJsonObject &from, const QString &path);
    std::optional<Decision> decision(const QJsonObject &from, const QString &path, const QString &none);
    Finding finding(const QJsonObject &json, const QString &path);
    std::optional<Finding> maybeFinding(const QJsonObject &from, const QString &path);
    Evidence evidence(const QJsonObject &json, const QString &path);
    Cell cell(const QJsonObject &json, const QString &path);
};

template<typename Read>
void Reader::each(const QJsonObject &from, const QString &path, Read read)
{
    const QJsonArray array = member(from, path, QJsonValue::Array).toArray();
    for (qsizetype i = 0; i < array.size() && !error; ++i) {
        const QString place = u"%1[%2]"_s.arg(path, QString::number(i));
        if (array[i].isObject())
            read(array[i].toObject(), place);
        else
            fail(place, u"is of the wrong type"_s);
    }
}

QString Reader::needed(const QJsonObject &from, const QString &path)
{
    const QString value = text(from, path);
    if (value.isEmpty())
        fail(path, u"is missing"_s);
    return value;
}

QDateTime Reader::time(const QJsonObject &from, const QString &path)
{
    const QString value = text(from, path);
    const QDateTime time = QDateTime::fromString(value, Qt::ISODateWithMs);
    if (!value.isEmpty() && !time.isValid())
        fail(path, u"is no time"_s);
    return time;
}

Observation Reader::observation(const QJsonObject &from, const QString &path)
{
    const QString name = needed(from, path);
    for (const Observation one : {Observation::NotAsked, Observation::Running, Observation::Allowed, Observation::Denied,
                                  Observation::Undecided, Observation::Skipped}) {
        if (observationName(one) == name)
            return one;
    }
    fail(path, u"is no outcome"_s);
    return Observation::Skipped;
}

std::optional<Decision> Reader::decision(const QJsonObject &from, const QString &path, const QString &none)
{
    const QString name = text(from, path);
    for (const Decision one : {Decision::Allowed, Decision::Denied, Decision::Undecided}) {
        if (decisionName(one) == name)
            return one;
    }
    if (!name.isEmpty() && name != none)
        fail(path, u"is no decision"_s);
    return std::nullopt;
}

Finding Reader::finding(const QJsonObject &json, const QString &path)
{
    return {text(json, path + u".id"_s), text(json, path + u".cause"_s), text(json, path + u".nextStep"_s),
            text(json, path + u".command"_s), text(json, path + u".confidence"_s)};
}

std::optional<Finding> Reader::maybeFinding(const QJsonObject &from, const QString &path)
{
    const QJsonValue value = member(from, path, QJsonValue::Object);
    return value.isObject() ? std::optional(finding(value.toObject(), path)) : std::nullopt;
}

Evidence Reader::evidence(const QJsonObject &json, const QString &path)
{
    Evidence evidence;
    evidence.method = text(json, path + u".method"_s).toLatin1();
    evidence.url = text(json, path + u".url"_s);
    const double status = member(json, path + u".status"_s, QJsonValue::Double).toDouble();
    if (status < 0 || status > 999 || status != std::floor(status))
        fail(path + u".status"_s, u"is no HTTP status"_s);
    else
        evidence.status = static_cast<int>(status);
    evidence.code = text(json, path + u".code"_s);
    evidence.requestId = text(json, path + u".requestId"_s);
    evidence.at = time(json, path + u".at"_s);
    evidence.how = text(json, path + u".how"_s);
    return evidence;
}

Cell Reader::cell(const QJsonObject &json, const QString &path)
{
    Cell cell;
    cell.container = text(json, path + u".container"_s);
    cell.operation = needed(json, path + u".operation"_s);
    cell.permission = text(json, path + u".permission"_s);
    cell.observed = observation(json, path + u".observed"_s);
    cell.evidence = evidence(object(json, path + u".evidence"_s), path + u".evidence"_s);
    const std::optional<Decision> predicted = decision(json, path + u".predicted"_s, u"unknown"_s);
    cell.predictionKnown = predicted.has_value();
    cell.predicted = predicted.value_or(Decision::Undecided);
    cell.asked = decision(json, path + u".asked"_s, {});
    each(json, path + u".because"_s, [&](const QJsonObject &one, const QString &place) {
        cell.because.append({text(one, place + u".assignment"_s), text(one, place + u".role"_s), text(one, place + u".scope"_s),
                             text(one, place + u".why"_s)});
    });
    cell.finding = maybeFinding(json, path + u".finding"_s);
    return cell;
}

AccessReport Reader::report(const QJsonObject &json)
{
    AccessReport report;
    report.principal = text(json, u"principal"_s);
    report.account = QUrl(text(json, u"account"_s));
    report.startedAt = time(json, u"startedAt"_s);
    if (!json[u"cells"_s].isArray())
        fail(u"cells"_s, u"is missing or no list"_s);
    each(json, u"cells"_s, [&](const QJsonObject &one, const QString &place) { report.cells.append(cell(one, place)); });
    report.predictedBy = text(json, u"predictedBy"_s);
    each(json, u"notes"_s, [&](const QJsonObject &one, const QString &place) { report.notes.append(finding(one, place)); });
    const QJsonObject summary = object(json, u"summary"_s);
    if (!summary[u"complete"_s].isBool())
        fail(u"summary.complete"_s, u"is missing or neither true nor false"_s);
    report.complete = summary[u"complete"_s].toBool();
    report.allContainers = member(summary, u"summary.allContainers"_s, QJsonValue::Bool).toBool();
    report.finishedAt = time(summary, u"summary.finishedAt"_s);
    report.finding = maybeFinding(summary, u"summary.finding"_s);
    return report;
}

} // namespace

Core::Result<AccessReport> reportFromJson(const QJsonObject &json)
{
    Reader reader;
    AccessReport report = reader.report(json);
    if (reader.error)
        return *reader.error;
    return report;
}

} // namespace Access
