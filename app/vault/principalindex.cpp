#include "vault/principalindex.h"

#include "core/atomicfile.h"
#include "core/filelock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>
#include <QUuid>
#include <algorithm>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::ServicePrincipal;

namespace {

Error damaged(const QString &path, const QString &why)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The index “%1” %2; it was left as it is."_s.arg(path, why),
            .code = u"IndexUnreadable"_s,
            .nextStep = u"Restore it from a backup, or move it away: the principals can then be restored from the keychain."_s};
}

} // namespace

const ServicePrincipal *PrincipalIndex::byId(const QString &wanted) const
{
    const auto found = std::find_if(principals.cbegin(), principals.cend(), [&](const auto &one) { return one.id == wanted; });
    return found == principals.cend() ? nullptr : &*found;
}

const ServicePrincipal *PrincipalIndex::byName(const QString &name) const
{
    const auto found = std::find_if(principals.cbegin(), principals.cend(),
                                    [&](const auto &one) { return one.name.compare(name, Qt::CaseInsensitive) == 0; });
    return found == principals.cend() ? nullptr : &*found;
}

void PrincipalIndex::put(const ServicePrincipal &principal, const QString &key)
{
    const auto found = std::find_if(principals.begin(), principals.end(), [&](const auto &one) { return one.id == principal.id; });
    if (found == principals.end())
        principals.append(principal);
    else
        *found = principal;
    if (key.isEmpty())
        keys.remove(principal.id);
    else
        keys.insert(principal.id, key);
}

void PrincipalIndex::take(const QString &wanted)
{
    principals.removeIf([&](const auto &one) { return one.id == wanted; });
    keys.remove(wanted);
    spares.remove(wanted);
    removals.remove(wanted);
    m_unknownOf.remove(wanted);
}

QByteArray PrincipalIndex::toJson() const
{
    QJsonArray array;
    for (const ServicePrincipal &principal : principals) {
        QJsonObject object = m_unknownOf.value(principal.id);
        const QJsonObject known = Identity::toJson(principal);
        for (auto it = known.begin(); it != known.end(); ++it)
            object[it.key()] = it.value();
        if (const QString key = keys.value(principal.id); !key.isEmpty())
            object[u"keychainKey"_s] = key;
        if (const QString key = spares.value(principal.id); !key.isEmpty())
            object[u"spareKeychainKey"_s] = key;
        if (const QString why = removals.value(principal.id); !why.isEmpty())
            object[u"removalUnfinished"_s] = why;
        array.append(object);
    }
    QJsonObject root = m_unknown;
    root[u"version"_s] = version;
    root[u"id"_s] = id;
    root[u"principals"_s] = array;
    return QJsonDocument(root).toJson();
}

Result<PrincipalIndex> PrincipalIndex::parse(const QByteArray &json, const QString &path)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return damaged(path, u"is damaged (%1 at byte %2)"_s.arg(problem.errorString()).arg(problem.offset));
    PrincipalIndex index;
    index.m_unknown = document.object();
    if (index.m_unknown[u"version"].toInt() > version)
        return damaged(path, u"was written by a newer Rolescope"_s);
    index.id = index.m_unknown[u"id"].toString();
    if (index.id.isEmpty() || !index.m_unknown[u"principals"].isArray())
        return damaged(path, u"lacks its id or its principals"_s);
    const QJsonArray array = index.m_unknown[u"principals"].toArray();
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const ServicePrincipal principal = Identity::servicePrincipalFromJson(object);
        if (principal.id.isEmpty() || principal.name.isEmpty())
            return damaged(path, u"has a principal without id or name"_s);
        index.put(principal, object[u"keychainKey"].toString());
        if (const QString spare = object[u"spareKeychainKey"].toString(); !spare.isEmpty())
            index.spares.insert(principal.id, spare);
        if (const QString why = object[u"removalUnfinished"_s].toString(); !why.isEmpty())
            index.removals.insert(principal.id, why);
        QJsonObject unknown = object;
        for (const QString &name : {u"id"_s, u"name"_s, u"environment"_s, u"cloud"_s, u"tenant"_s, u"clientId"_s, u"credential"_s,
                                    u"credentialFile"_s, u"credentialThumbprint"_s, u"credentialExpiresAt"_s, u"accounts"_s, u"addedAt"_s, u"keychainKey"_s, u"spareKeychainKey"_s, u"removalUnfinished"_s, u"credentialKeyId"_s, u"exports"_s})
            unknown.remove(name);
        index.m_unknownOf.insert(principal.id, unknown);
    }
    return index;
}

IndexFile::IndexFile(QString folder) : m_folder(std::move(folder)) {}

QString IndexFile::path() const
{
    return m_folder + u"/principals.json"_s;
}

Result<PrincipalIndex> IndexFile::read() const
{
    const Result<QByteArray> json = Core::readFile(path(), 16 << 20);
    if (json)
        return PrincipalIndex::parse(*json, path());
    if (json.error().kind != Error::Kind::NotFound)
        return json.error();
    PrincipalIndex fresh;
    fresh.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    return fresh;
}

Result<void> IndexFile::change(const std::function<Result<void>(PrincipalIndex &)> &apply) const
{
    if (!QFileInfo::exists(m_folder)) {
        if (!QDir().mkpath(m_folder))
            return Error{.kind = Error::Kind::File,
                         .message = u"The folder “%1” cannot be made."_s.arg(m_folder),
                         .nextStep = u"Set ROLESCOPE_CONFIG_DIR to a folder you may write to."_s};
        QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    QLockFile lock(m_folder + u"/principals.lock"_s);
    if (!Core::takeLock(lock)) {
        if (lock.error() == QLockFile::PermissionError)
            return Error{.kind = Error::Kind::File,
                         .message = u"The folder “%1” cannot be written to."_s.arg(m_folder),
                         .nextStep = u"Set ROLESCOPE_CONFIG_DIR to a folder you may write to."_s};
        return Error{.kind = Error::Kind::Conflict,
                     .message = u"Another Rolescope is changing “%1” for more than ten seconds."_s.arg(path()),
                     .nextStep = u"Close it, or wait, and try again."_s};
    }
    Result<PrincipalIndex> index = read();
    if (!index)
        return index.error();
    if (Result<void> applied = apply(*index); !applied)
        return applied;
    return Core::writeFileAtomically(path(), index->toJson());
}

} // namespace Vault
