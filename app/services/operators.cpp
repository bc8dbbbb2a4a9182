#include "services/operators.h"

#include "core/atomicfile.h"
#include "core/filelock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>
#include <QUuid>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Operator operatorFromJson(const QJsonObject &object)
{
    Operator one;
    one.id = object[u"id"].toString();
    const QString way = object[u"way"].toString();
    if (way == u"deviceCode")
        one.way = Operator::Way::DeviceCode;
    else if (way == u"browser")
        one.way = Operator::Way::Browser;
    one.cloud = object[u"cloud"].toString(one.cloud);
    one.tenant = object[u"tenant"].toString();
    one.tenantId = object[u"tenantId"].toString();
    one.username = object[u"username"].toString();
    one.objectId = object[u"objectId"].toString();
    one.clientId = object[u"clientId"].toString();
    one.signedInAt = QDateTime::fromString(object[u"signedInAt"].toString(), Qt::ISODate);
    return one;
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
    Operators all;
    all.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const Result<QByteArray> bytes = Core::readFile(path(), 4 << 20);
    if (!bytes)
        return bytes.error().kind == Error::Kind::NotFound ? Result<Operators>(all) : bytes.error();
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    if (!document.isObject() || document[u"version"].toInt() != 1 ||
        document[u"id"].toString().isEmpty())
        return Error{
            .kind = Error::Kind::InvalidInput,
            .message = u"The list of sign-ins “%1” is damaged or of a newer version."_s.arg(path()),
            .nextStep = u"Move it away and sign in again; it holds nothing else."_s};
    all.id = document[u"id"].toString();
    all.publicClientId = document[u"publicClientId"].toString();
    const QJsonArray array = document[u"operators"].toArray();
    for (const QJsonValue &one : array)
        all.signedIn.append(operatorFromJson(one.toObject()));
    return all;
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
    QJsonArray array;
    for (const Operator &one : std::as_const(all->signedIn))
        array.append(toJson(one));
    QJsonObject object{{u"version"_s, 1}, {u"id"_s, all->id}, {u"operators"_s, array}};
    if (!all->publicClientId.isEmpty())
        object[u"publicClientId"_s] = all->publicClientId;
    return Core::writeFileAtomically(path(), QJsonDocument(object).toJson());
}

} // namespace Services
