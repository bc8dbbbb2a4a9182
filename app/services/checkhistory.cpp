#include "services/checkhistory.h"

#include "access/reportreader.h"
#include "core/atomicfile.h"
#include "core/filelock.h"
#include "core/storedjson.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLockFile>

namespace Services {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Core::Error;
using Core::Result;

namespace {

// An id is a UUID of ours; what else an index from elsewhere may hold does not lead out of the folder.
QString fileStem(const QString &id)
{
    QString stem;
    for (const QChar c : id) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-';
        stem += plain ? QString(c) : u"_%1_"_s.arg(static_cast<uint>(c.unicode()), 0, 16);
    }
    return stem;
}

Result<void> makeFolder(const QString &folder)
{
    for (const QString &one : {QFileInfo(folder).path(), folder}) {
        if (QFileInfo::exists(one))
            continue;
        if (!QDir().mkpath(one))
            return Error{.kind = Error::Kind::File, .message = u"The folder “%1” cannot be made."_s.arg(one),
                         .nextStep = u"Set ROLESCOPE_CONFIG_DIR to a folder you may write to."_s};
        QFile::setPermissions(one, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    return {};
}

const QString newerVersion = u"CheckOfNewerVersion"_s;

/// Moves \a path to a name beside it that is free. Yields that name.
Result<QString> moveAside(const QString &path)
{
    constexpr int most = 1000;
    for (int number = 1; number < most; ++number) {
        const QString aside = path + (number == 1 ? u".damaged"_s : u".damaged-%1"_s.arg(number));
        if (!QFileInfo::exists(aside) && QFile::rename(path, aside))
            return aside;
        if (!QFileInfo::exists(aside))
            break;
    }
    return Error{.kind = Error::Kind::File,
                 .message = u"The damaged check “%1” cannot be moved aside."_s.arg(path),
                 .nextStep = u"Move it away yourself; the next check is kept anew."_s};
}

} // namespace

CheckHistory::CheckHistory(const QString &configFolder) : m_folder(configFolder + u"/checks"_s) {}

QString CheckHistory::pathFor(const Identity::ServicePrincipal &principal, const QUrl &account) const
{
    QString place = account.toString().toLower();
    if (place.endsWith(u'/'))
        place.chop(1);
    const QByteArray hash = QCryptographicHash::hash(place.toUtf8(), QCryptographicHash::Sha256).toHex().first(16);
    return u"%1/%2.%3.json"_s.arg(m_folder, fileStem(principal.id), QString::fromLatin1(hash));
}

Result<std::optional<AccessReport>> CheckHistory::last(const Identity::ServicePrincipal &principal, const QUrl &account) const
{
    const QString path = pathFor(principal, account);
    const Result<QByteArray> bytes = Core::readFile(path);
    if (!bytes) {
        if (bytes.error().kind == Error::Kind::NotFound)
            return std::optional<AccessReport>();
        return bytes.error();
    }
    Core::StoredJson stored = Core::StoredJson::parse(*bytes);
    // No version is in it so far; a newer Rolescope will write one where it writes it otherwise.
    if (stored.isGood() && stored.all().contains(u"version"_s)) {
        stored.version(u"version"_s, 1);
        if (!stored.isGood())
            return Error{.kind = Error::Kind::InvalidInput,
                         .message = u"The check that was kept in “%1” %2; it was left as it is."_s.arg(path, stored.problem()),
                         .code = newerVersion,
                         .nextStep = u"Use the version that wrote it, or move the file away; the next check is kept anew."_s};
    }
    const Result<AccessReport> report = stored.isGood() ? Access::reportFromJson(stored.all())
                                                        : Result<AccessReport>(Error{.message = stored.problem()});
    if (report)
        return std::optional(*report);
    return Error{.kind = Error::Kind::InvalidInput,
                 .message = u"The check that was kept in “%1” is damaged: %2"_s.arg(path, report.error().message),
                 .nextStep = u"Move the file away; the next check is kept anew."_s};
}

Result<std::optional<Access::Drift>> CheckHistory::keep(const Identity::ServicePrincipal &principal, const AccessReport &report,
                                                         QString *setAside) const
{
    if (const Result<void> made = makeFolder(m_folder); !made)
        return made.error();
    const QString path = pathFor(principal, report.account);
    QLockFile lock(path + u".lock"_s);
    if (!Core::takeLock(lock))
        return Error{.kind = Error::Kind::File, .message = u"Another program is writing to “%1”."_s.arg(path),
                     .nextStep = u"Check again when it is done."_s};
    const Result<std::optional<AccessReport>> before = last(principal, report.account);
    if (!before) {
        if (before.error().kind != Error::Kind::InvalidInput || before.error().code == newerVersion)
            return before.error();
        const Result<QString> aside = moveAside(path);
        if (!aside)
            return aside.error();
        if (setAside)
            *setAside = u"%1 It was moved to “%2”, so there is nothing to compare this check with."_s.arg(before.error().message, *aside);
    }
    const std::optional<AccessReport> earlier = before ? *before : std::nullopt;
    const AccessReport now = earlier ? Access::merged(*earlier, report) : report;
    if (const Result<void> written = Core::writeFileAtomically(path, QJsonDocument(Access::toJson(now)).toJson(QJsonDocument::Compact)); !written)
        return written.error();
    if (!earlier)
        return std::optional<Access::Drift>();
    return std::optional(Access::Drift{earlier->startedAt, Access::drift(*earlier, report)});
}

void CheckHistory::forget(const QString &principalId) const
{
    QDir folder(m_folder);
    for (const QString &name : folder.entryList({fileStem(principalId) + u".*"_s}, QDir::Files))
        folder.remove(name);
}

} // namespace Services
