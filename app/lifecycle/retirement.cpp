#include "lifecycle/retirement.h"

#include "core/atomicfile.h"
#include "core/storedjson.h"

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
    return Core::withUnknown(
        one.unknown,
        {{u"principal"_s,
          Core::withUnknown(one.unknownOfPrincipal, Identity::toJson(one.principal))},
         {u"applicationId"_s, one.applicationId},
         {u"objectId"_s, one.objectId},
         {u"assignments"_s, assignments},
         {u"at"_s, one.at.toUTC().toString(Qt::ISODate)}});
}

Retirement fromJson(Core::StoredJson &stored)
{
    Retirement one;
    Core::StoredJson principal = stored.object(u"principal"_s);
    one.principal = Identity::readServicePrincipal(principal);
    if (one.principal.id.isEmpty() || one.principal.name.isEmpty())
        stored.fail(u"principal"_s, u"needs an ID and a name"_s);
    one.applicationId = stored.text(u"applicationId"_s);
    one.objectId = stored.text(u"objectId"_s);
    one.at = stored.time(u"at"_s);
    QList<Core::StoredJson> assignments = stored.objects(u"assignments"_s);
    for (Core::StoredJson &each : assignments) {
        const auto scope = Azure::Scope::parse(each.neededText(u"scope"_s));
        if (!scope) {
            each.fail(u"scope"_s, u"is no scope of Azure"_s);
            continue;
        }
        one.assignments.append({*scope, each.text(u"roleDefinitionId"_s), one.objectId,
                                each.text(u"principalType"_s), each.text(u"condition"_s),
                                each.text(u"description"_s)});
    }
    one.unknownOfPrincipal = principal.unknown();
    one.unknown = stored.unknown();
    return one;
}

} // namespace

RetirementRecord::RetirementRecord(QString folder)
    : m_path(std::move(folder) + u"/retired.json"_s)
{
}

Result<QList<Retirement>> RetirementRecord::list() const
{
    const Result<Content> content = read();
    return content ? Result<QList<Retirement>>(content->all) : content.error();
}

Result<RetirementRecord::Content> RetirementRecord::read() const
{
    const Result<QByteArray> json = Core::readFile(m_path, 16 << 20);
    if (!json && json.error().kind == Error::Kind::NotFound)
        return Content();
    if (!json)
        return json.error();
    Core::StoredJson stored = Core::StoredJson::parse(*json);
    stored.version(u"version"_s, 1);
    Content content;
    QList<Core::StoredJson> retired = stored.neededObjects(u"retired"_s);
    for (Core::StoredJson &one : retired)
        content.all.append(fromJson(one));
    if (!stored.isGood()) {
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The record of retired principals “%1” %2; it was left as it is."_s.arg(
                         m_path, stored.problem()),
                     .code = u"RecordUnreadable"_s,
                     .nextStep = u"Correct it, restore it from a backup, or move it away."_s};
    }
    content.unknown = stored.unknown();
    return content;
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
    auto content = read();
    if (!content)
        return content.error();
    QList<Retirement> &all = content->all;
    all.removeIf([&](const Retirement &one) {
        return one.principal.id == retirement.principal.id ||
               one.at.daysTo(retirement.at) > 3 * Retirement::restorableDays;
    });
    all.prepend(retirement);
    return write(*content);
}

Result<void> RetirementRecord::take(const QString &principalId) const
{
    auto content = read();
    if (!content)
        return content.error();
    QList<Retirement> &all = content->all;
    all.removeIf([&](const Retirement &one) { return one.principal.id == principalId; });
    return write(*content);
}

Result<void> RetirementRecord::write(const Content &content) const
{
    QJsonArray array;
    for (const Retirement &one : content.all)
        array.append(toJson(one));
    const QJsonObject known{{u"version"_s, 1}, {u"retired"_s, array}};
    return Core::writeFileAtomically(
        m_path, QJsonDocument(Core::withUnknown(content.unknown, known)).toJson());
}

} // namespace Lifecycle
