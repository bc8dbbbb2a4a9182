#include "lifecycle/rotationjournal.h"

#include "core/atomicfile.h"
#include "core/commandtext.h"
#include "core/storedjson.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <limits>

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Step = Rotation::Step;

namespace {

constexpr Step steps[] = {Step::Begun,     Step::Stored,  Step::Current,  Step::Exported,
                          Step::Confirmed, Step::Removed, Step::Abandoned};

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

QByteArray toJson(const Rotation &one)
{
    const QJsonObject known{{u"version"_s, 1},
                            {u"principalId"_s, one.principalId},
                            {u"applicationId"_s, one.applicationId},
                            {u"marker"_s, one.marker},
                            {u"oldKeyId"_s, one.oldKeyId},
                            {u"oldKeychainKey"_s, one.oldSpareKey},
                            {u"oldExpiresAt"_s, timeText(one.oldExpiresAt)},
                            {u"newKeyId"_s, one.newKeyId},
                            {u"newKeychainKey"_s, one.newSpareKey},
                            {u"newExpiresAt"_s, timeText(one.newExpiresAt)},
                            {u"oldThumbprint"_s, one.oldThumbprint},
                            {u"newThumbprint"_s, one.newThumbprint},
                            {u"lifetimeDays"_s, one.lifetimeDays},
                            {u"step"_s, stepName(one.step)},
                            {u"written"_s, QJsonArray::fromStringList(one.written)},
                            {u"startedAt"_s, timeText(one.startedAt)}};
    return QJsonDocument(Core::withUnknown(one.unknown, known)).toJson();
}

Step readStep(Core::StoredJson &stored)
{
    const QString name = stored.neededText(u"step"_s);
    for (const Step step : steps) {
        if (stepName(step) == name)
            return step;
    }
    stored.fail(u"step"_s, u"is no step of a rotation"_s);
    return Step::Begun;
}

Rotation fromJson(Core::StoredJson &stored)
{
    Rotation one;
    stored.version(u"version"_s, 1);
    one.principalId = stored.neededText(u"principalId"_s);
    one.applicationId = stored.text(u"applicationId"_s);
    one.marker = stored.neededText(u"marker"_s);
    one.oldKeyId = stored.text(u"oldKeyId"_s);
    one.oldSpareKey = stored.text(u"oldKeychainKey"_s);
    one.oldExpiresAt = stored.time(u"oldExpiresAt"_s);
    one.newKeyId = stored.text(u"newKeyId"_s);
    one.newSpareKey = stored.text(u"newKeychainKey"_s);
    one.newExpiresAt = stored.time(u"newExpiresAt"_s);
    one.oldThumbprint = stored.text(u"oldThumbprint"_s);
    one.newThumbprint = stored.text(u"newThumbprint"_s);
    one.lifetimeDays = stored.number(u"lifetimeDays"_s, 0, std::numeric_limits<int>::max(), 0);
    one.step = readStep(stored);
    one.written = stored.texts(u"written"_s);
    one.startedAt = stored.time(u"startedAt"_s);
    one.unknown = stored.unknown();
    return one;
}

Error damaged(const QString &path, const QString &problem)
{
    return {
        .kind = Error::Kind::InvalidInput,
        .message = u"The journal “%1” %2; it was left as it is."_s.arg(path, problem),
        .code = u"JournalUnreadable"_s,
        .nextStep =
            u"Compare the secrets in Entra ID (az ad app credential list) with the one kept here, then move the journal away."_s};
}

// An ID from an index made elsewhere does not lead out of the folder.
bool isFileName(const QString &principalId)
{
    return !principalId.isEmpty() && !principalId.contains(u'/') && !principalId.contains(QChar(0));
}

} // namespace

QString stepName(Step step)
{
    switch (step) {
    case Step::Begun: return u"begun"_s;
    case Step::Stored: return u"stored"_s;
    case Step::Current: return u"current"_s;
    case Step::Exported: return u"exported"_s;
    case Step::Confirmed: return u"confirmed"_s;
    case Step::Removed: return u"removed"_s;
    case Step::Abandoned: return u"abandoned"_s;
    }
    return {};
}

QString Rotation::noun() const
{
    return isOfCertificate() ? u"certificate"_s : u"secret"_s;
}

QStringList azCommands(const Rotation &rotation)
{
    Core::Command reset{u"az", u"ad", u"app", u"credential", u"reset", u"--append"};
    reset.option(u"--id", rotation.applicationId);
    if (rotation.isOfCertificate())
        reset.fileOption(u"--cert", u"new-certificate.pem"_s);
    else
        reset.option(u"--display-name", rotation.marker)
            .option(u"--end-date", rotation.newExpiresAt.toUTC().toString(u"yyyy-MM-dd"));
    QStringList commands{reset.text()};
    if (!rotation.oldKeyId.isEmpty()) {
        Core::Command drop{u"az", u"ad", u"app", u"credential", u"delete"};
        if (rotation.isOfCertificate())
            drop.flag(u"--cert");
        drop.option(u"--id", rotation.applicationId).option(u"--key-id", rotation.oldKeyId);
        commands.append(drop.text());
    }
    return commands;
}

RotationJournal::RotationJournal(QString folder)
    : m_folder(std::move(folder))
{
}

QString RotationJournal::path(const QString &principalId) const
{
    return m_folder + u"/rotation-"_s + principalId + u".json"_s;
}

Result<std::optional<Rotation>> RotationJournal::read(const QString &principalId) const
{
    if (!isFileName(principalId))
        return std::optional<Rotation>();
    const Result<QByteArray> json = Core::readFile(path(principalId), 1 << 20);
    if (!json && json.error().kind == Error::Kind::NotFound)
        return std::optional<Rotation>();
    if (!json)
        return json.error();
    Core::StoredJson stored = Core::StoredJson::parse(*json);
    Rotation rotation = fromJson(stored);
    if (rotation.principalId != principalId)
        stored.fail(u"principalId"_s, u"is that of another principal"_s);
    if (!stored.isGood())
        return damaged(path(principalId), stored.problem());
    return std::optional(std::move(rotation));
}

Result<void> RotationJournal::write(const Rotation &rotation) const
{
    if (!isFileName(rotation.principalId))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The principal’s ID “%1” in principals.json cannot name a file."_s.arg(
                         rotation.principalId.left(100)),
                     .nextStep = u"Add the principal again; it then gets an ID of its own."_s};
    return Core::writeFileAtomically(path(rotation.principalId), toJson(rotation));
}

Result<void> RotationJournal::remove(const QString &principalId) const
{
    QFile file(path(principalId));
    if (!isFileName(principalId) || !file.exists() || file.remove())
        return {};
    return Error{.kind = Error::Kind::File,
                 .message = u"The journal “%1” cannot be removed: %2"_s.arg(file.fileName(),
                                                                            file.errorString())};
}

QStringList RotationJournal::underWay() const
{
    QStringList ids;
    const QStringList names = QDir(m_folder).entryList({u"rotation-*.json"_s}, QDir::Files);
    for (const QString &name : names)
        ids.append(name.sliced(9).chopped(5));
    return ids;
}

} // namespace Lifecycle
