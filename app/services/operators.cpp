#include "services/operators.h"

#include "core/atomicfile.h"
#include "core/filelock.h"
#include "core/storedjson.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>
#include <QSet>
#include <QUuid>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr qint64 maxSize = 4 << 20;

Operator::Way readWay(Core::StoredJson &stored)
{
    using enum Operator::Way;
    const QString name = stored.neededText(u"way"_s);
    for (const auto way : {Az, DeviceCode, Browser}) {
        if (wayName(way) == name)
            return way;
    }
    stored.fail(u"way"_s, u"must be az, deviceCode or browser"_s);
    return Az;
}

Operator readOperator(Core::StoredJson &stored)
{
    Operator one;
    one.id = stored.neededText(u"id"_s);
    one.way = readWay(stored);
    one.cloud = stored.neededText(u"cloud"_s);
    one.tenant = stored.text(u"tenant"_s);
    one.tenantId = stored.text(u"tenantId"_s);
    one.username = stored.text(u"username"_s);
    one.objectId = stored.text(u"objectId"_s);
    one.clientId = stored.text(u"clientId"_s);
    one.signedInAt = stored.time(u"signedInAt"_s);
    return one;
}

Error damaged(const QString &path, const QString &problem)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The list of sign-ins “%1” %2; it was left as it is."_s.arg(path, problem),
            .code = u"OperatorsUnreadable"_s,
            .nextStep = u"Correct it, or move it away and sign in again; it holds nothing else."_s};
}

Result<Operators> parse(const QByteArray &json, const QString &path)
{
    Core::StoredJson stored = Core::StoredJson::parse(json);
    stored.version(u"version"_s, 1);
    Operators all;
    all.id = stored.neededText(u"id"_s);
    all.publicClientId = stored.text(u"publicClientId"_s);
    QSet<QString> ids;
    QList<Core::StoredJson> operators = stored.neededObjects(u"operators"_s);
    for (Core::StoredJson &one : operators) {
        const Operator read = readOperator(one);
        if (ids.contains(read.id))
            one.fail(u"id"_s, u"repeats the ID of another sign-in"_s);
        ids.insert(read.id);
        all.signedIn.append(read);
        if (const QJsonObject unknown = one.unknown(); !unknown.isEmpty())
            all.unknownOf.insert(read.id, unknown);
    }
    if (!stored.isGood())
        return damaged(path, stored.problem());
    all.unknown = stored.unknown();
    return all;
}

QByteArray toJson(const Operators &all)
{
    QJsonArray array;
    for (const Operator &one : all.signedIn)
        array.append(Core::withUnknown(all.unknownOf.value(one.id), toJson(one)));
    QJsonObject known{{u"version"_s, 1}, {u"id"_s, all.id}, {u"operators"_s, array}};
    if (!all.publicClientId.isEmpty())
        known[u"publicClientId"_s] = all.publicClientId;
    return QJsonDocument(Core::withUnknown(all.unknown, known)).toJson();
}

Result<void> makeFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return {};
    if (!QDir().mkpath(folder))
        return Error{.kind = Error::Kind::File,
                     .message = u"The folder “%1” cannot be made."_s.arg(folder),
                     .nextStep = u"Set ROLESCOPE_CONFIG_DIR to a folder you may write to."_s};
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return {};
}

} // namespace

bool Operator::isFor(const QString &wanted) const
{
    return !wanted.isEmpty() && (tenantId.compare(wanted, Qt::CaseInsensitive) == 0 ||
                                 tenant.compare(wanted, Qt::CaseInsensitive) == 0);
}

QString wayName(Operator::Way way)
{
    switch (way) {
    case Operator::Way::DeviceCode: return u"deviceCode"_s;
    case Operator::Way::Browser: return u"browser"_s;
    case Operator::Way::Az: break;
    }
    return u"az"_s;
}

QJsonObject toJson(const Operator &one)
{
    return {{u"id"_s, one.id},
            {u"way"_s, wayName(one.way)},
            {u"cloud"_s, one.cloud},
            {u"tenant"_s, one.tenant},
            {u"tenantId"_s, one.tenantId},
            {u"username"_s, one.username},
            {u"objectId"_s, one.objectId},
            {u"clientId"_s, one.clientId},
            {u"signedInAt"_s, one.signedInAt.toUTC().toString(Qt::ISODate)}};
}

OperatorsFile::OperatorsFile(QString folder)
    : m_folder(std::move(folder))
{
}

QString OperatorsFile::path() const
{
    return m_folder + u"/operators.json"_s;
}

Result<Operators> OperatorsFile::read() const
{
    const Result<QByteArray> bytes = Core::readFile(path(), maxSize);
    if (bytes)
        return parse(*bytes, path());
    if (bytes.error().kind != Error::Kind::NotFound) {
        Error error = bytes.error();
        if (error.nextStep.isEmpty())
            error.nextStep =
                u"It is the list of sign-ins, and was left as it is. Move it away and sign in again."_s;
        return error;
    }
    Operators fresh;
    fresh.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    return fresh;
}

Result<void> OperatorsFile::change(const std::function<Result<void>(Operators &)> &apply) const
{
    if (const Result<void> made = makeFolder(m_folder); !made)
        return made;
    QLockFile lock(m_folder + u"/operators.lock"_s);
    if (!Core::takeLock(lock))
        return Error{.kind = Error::Kind::Conflict,
                     .message = u"“%1” cannot be locked for a change."_s.arg(path()),
                     .nextStep = u"Close the other Rolescope, or wait, and try again."_s};
    Result<Operators> all = read();
    if (!all)
        return all.error();
    if (Result<void> applied = apply(*all); !applied)
        return applied;
    const QByteArray json = toJson(*all);
    if (json.size() > maxSize)
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” would grow over %2 bytes; it was left as it is."_s.arg(path())
                                    .arg(maxSize),
                     .nextStep = u"Sign out of what is not needed."_s};
    // What would be refused when it is read again is not written in the first place.
    if (const Result<Operators> readable = parse(json, path()); !readable)
        return readable.error();
    return Core::writeFileAtomically(path(), json);
}

} // namespace Services
