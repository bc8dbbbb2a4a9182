#include "vault/principalindex.h"

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
            .nextStep = u"Correct it, restore it from a backup, or move it away and add the principals again."_s};
}

/// Refuses what two principals of one index must not share.
class Unique
{
public:
    explicit Unique(QString what) : m_what(std::move(what)) {}
    void add(Core::StoredJson &principal, const QString &member, const QString &value)
    {
        if (m_seen.contains(value))
            principal.fail(member, u"repeats %1 of another principal"_s.arg(m_what));
        m_seen.insert(value);
    }

private:
    QString m_what;
    QSet<QString> m_seen;
};

/// Alike for two names that QString::compare() finds equal but for their case.
QString caseFolded(const QString &name)
{
    QList<uint> points = name.toUcs4();
    for (uint &point : points)
        point = QChar::toCaseFolded(point);
    return QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData()), points.size());
}

/// What each export has besides what this version knows, by path.
QHash<QString, QJsonObject> unknownOfExports(const QJsonObject &principal)
{
    QHash<QString, QJsonObject> all;
    const QJsonArray exports = principal[u"exports"].toArray();
    for (const QJsonValue &one : exports) {
        QJsonObject rest = one.toObject();
        const QString path = rest.take(u"path"_s).toString();
        for (const QString &known : {u"format"_s, u"at"_s, u"tokenCredentials"_s})
            rest.remove(known);
        if (!rest.isEmpty())
            all.insert(path, rest);
    }
    return all;
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
    m_unknownOfExports.remove(wanted);
}

QByteArray PrincipalIndex::toJson() const
{
    QJsonArray array;
    for (const ServicePrincipal &principal : principals) {
        QJsonObject object = Core::withUnknown(m_unknownOf.value(principal.id), Identity::toJson(principal));
        if (const auto unknown = m_unknownOfExports.value(principal.id); !unknown.isEmpty()) {
            QJsonArray exports = object[u"exports"].toArray();
            for (QJsonValueRef one : exports)
                one = Core::withUnknown(unknown.value(one.toObject()[u"path"].toString()), one.toObject());
            if (!exports.isEmpty())
                object[u"exports"_s] = exports;
        }
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
    Core::StoredJson stored = Core::StoredJson::parse(json);
    PrincipalIndex index;
    stored.version(u"version"_s, version);
    index.id = stored.neededText(u"id"_s);
    Unique ids(u"the ID"_s), names(u"the name"_s), keys(u"the keychain key"_s);
    QList<Core::StoredJson> principals = stored.neededObjects(u"principals"_s);
    for (Core::StoredJson &one : principals) {
        const ServicePrincipal principal = Identity::readServicePrincipal(one);
        ids.add(one, u"id"_s, one.neededText(u"id"_s));
        names.add(one, u"name"_s, caseFolded(one.neededText(u"name"_s)));
        // Two principals with one entry would send the secret of the one as the other's.
        const QString key = one.text(u"keychainKey"_s), spare = one.text(u"spareKeychainKey"_s);
        if (!key.isEmpty())
            keys.add(one, u"keychainKey"_s, key);
        if (!spare.isEmpty())
            keys.add(one, u"spareKeychainKey"_s, spare);
        if (!stored.isGood())
            break;
        index.principals.append(principal);
        if (!key.isEmpty())
            index.keys.insert(principal.id, key);
        if (!spare.isEmpty())
            index.spares.insert(principal.id, spare);
        if (const QString why = one.text(u"removalUnfinished"_s); !why.isEmpty())
            index.removals.insert(principal.id, why);
        index.m_unknownOf.insert(principal.id, one.unknown());
        if (const auto unknown = unknownOfExports(one.all()); !unknown.isEmpty())
            index.m_unknownOfExports.insert(principal.id, unknown);
    }
    if (!stored.isGood())
        return damaged(path, stored.problem());
    index.m_unknown = stored.unknown();
    return index;
}

IndexFile::IndexFile(QString folder) : m_folder(std::move(folder)) {}

QString IndexFile::path() const
{
    return m_folder + u"/principals.json"_s;
}

Result<PrincipalIndex> IndexFile::read() const
{
    const Result<QByteArray> json = Core::readFile(path(), PrincipalIndex::maxSize);
    if (json)
        return PrincipalIndex::parse(*json, path());
    if (json.error().kind != Error::Kind::NotFound) {
        Error error = json.error();
        if (error.nextStep.isEmpty())
            error.nextStep = u"It is the index of the principals, and was left as it is. Restore it from a backup, or move it away."_s;
        return error;
    }
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
    const QByteArray json = index->toJson();
    if (json.size() > PrincipalIndex::maxSize)
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The index “%1” would grow over %2 bytes; it was left as it is."_s.arg(path()).arg(PrincipalIndex::maxSize),
                     .nextStep = u"Remove principals that are not needed."_s};
    // What would be refused when it is read again is not written in the first place.
    if (const Result<PrincipalIndex> readable = PrincipalIndex::parse(json, path()); !readable)
        return readable.error();
    return Core::writeFileAtomically(path(), json);
}

} // namespace Vault
