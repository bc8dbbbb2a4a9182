#include "lifecycle/retirement.h"

#include "core/atomicfile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

QJsonObject toJson(const Retirement &one)
{
    QJsonArray assignments;
    for (const Azure::NewAssignment &each : one.assignments) {
        assignments.append(QJsonObject{{u"scope"_s, each.scope.id()},
                                       {u"roleDefinitionId"_s, each.roleDefinitionId},
                                       {u"principalType"_s, each.principalType},
                                       {u"condition"_s, each.condition},
                                       {u"description"_s, each.description}});
    }
    return {{u"principal"_s, Identity::toJson(one.principal)},
            {u"applicationId"_s, one.applicationId},
            {u"objectId"_s, one.objectId},
            {u"assignments"_s, assignments},
            {u"at"_s, one.at.toUTC().toString(Qt::ISODate)}};
}

Retirement fromJson(const QJsonObject &object)
{
    Retirement one;
    one.principal = Identity::servicePrincipalFromJson(object[u"principal"].toObject());
    one.applicationId = object[u"applicationId"].toString();
    one.objectId = object[u"objectId"].toString();
    one.at = QDateTime::fromString(object[u"at"].toString(), Qt::ISODate);
    const QJsonArray assignments = object[u"assignments"].toArray();
    for (const QJsonValue &each : assignments) {
        if (const auto scope = Azure::Scope::parse(each[u"scope"].toString())) {
            one.assignments.append({*scope, each[u"roleDefinitionId"].toString(), one.objectId,
                                    each[u"principalType"].toString(),
                                    each[u"condition"].toString(),
                                    each[u"description"].toString()});
        }
    }
    return one;
}

} // namespace

RetirementRecord::RetirementRecord(QString folder)
    : m_path(std::move(folder) + u"/retired.json"_s)
{
}

Result<QList<Retirement>> RetirementRecord::list() const
{
    const Result<QByteArray> json = Core::readFile(m_path, 16 << 20);
    if (!json && json.error().kind == Error::Kind::NotFound)
        return QList<Retirement>();
    if (!json)
        return json.error();
    const QJsonObject object = QJsonDocument::fromJson(*json).object();
    if (!object[u"retired"].isArray() || object[u"version"].toInt() != 1) {
        return Error{
            .kind = Error::Kind::InvalidInput,
            .message =
                u"“%1” is damaged, or of a newer version; it was left as it is."_s.arg(m_path),
            .nextStep = u"Restore it from a backup, or move it away."_s};
    }
    QList<Retirement> all;
    const QJsonArray array = object[u"retired"].toArray();
    for (const QJsonValue &one : array)
        all.append(fromJson(one.toObject()));
    return all;
}

Result<Retirement> RetirementRecord::find(const QString &name) const
{
    const auto all = list();
    if (!all)
        return all.error();
    QStringList names;
    for (const Retirement &one : *all) {
        if (one.principal.name.compare(name, Qt::CaseInsensitive) == 0)
            return one;
        names.append(one.principal.name);
    }
    return Error{.kind = Error::Kind::NotFound,
                 .message = u"No principal named “%1” was retired here."_s.arg(name.left(100)),
                 .code = u"NotRetired"_s,
                 .nextStep =
                     names.isEmpty() ? QString() : u"There are: %1."_s.arg(names.join(u", "_s))};
}

Result<void> RetirementRecord::put(const Retirement &retirement) const
{
    auto all = list();
    if (!all)
        return all.error();
    all->removeIf([&](const Retirement &one) {
        return one.principal.id == retirement.principal.id ||
               one.at.daysTo(retirement.at) > 3 * Retirement::restorableDays;
    });
    all->prepend(retirement);
    return write(*all);
}

Result<void> RetirementRecord::take(const QString &principalId) const
{
    auto all = list();
    if (!all)
        return all.error();
    all->removeIf([&](const Retirement &one) { return one.principal.id == principalId; });
    return write(*all);
}

Result<void> RetirementRecord::write(const QList<Retirement> &all) const
{
    QJsonArray array;
    for (const Retirement &one : all)
        array.append(toJson(one));
    return Core::writeFileAtomically(
        m_path, QJsonDocument(QJsonObject{{u"version"_s, 1}, {u"retired"_s, array}}).toJson());
}

} // namespace Lifecycle
