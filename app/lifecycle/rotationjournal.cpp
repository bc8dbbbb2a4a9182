#include "lifecycle/rotationjournal.h"

#include "core/atomicfile.h"
#include "core/commandtext.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

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

QDateTime timeOf(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODate);
}

QByteArray toJson(const Rotation &one)
{
    return QJsonDocument(QJsonObject{{u"version"_s, 1},
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
                                     {u"startedAt"_s, timeText(one.startedAt)}})
        .toJson();
}

std::optional<Rotation> fromJson(const QJsonObject &object)
{
    Rotation one;
    one.principalId = object[u"principalId"].toString();
    one.applicationId = object[u"applicationId"].toString();
    one.marker = object[u"marker"].toString();
    one.oldKeyId = object[u"oldKeyId"].toString();
    one.oldSpareKey = object[u"oldKeychainKey"].toString();
    one.oldExpiresAt = timeOf(object[u"oldExpiresAt"]);
    one.newKeyId = object[u"newKeyId"].toString();
    one.newSpareKey = object[u"newKeychainKey"].toString();
    one.newExpiresAt = timeOf(object[u"newExpiresAt"]);
    one.oldThumbprint = object[u"oldThumbprint"].toString();
    one.newThumbprint = object[u"newThumbprint"].toString();
    one.lifetimeDays = object[u"lifetimeDays"].toInt();
    const QJsonArray written = object[u"written"].toArray();
    for (const QJsonValue &path : written)
        one.written.append(path.toString());
    one.startedAt = timeOf(object[u"startedAt"]);
    for (const Step step : steps) {
        if (stepName(step) == object[u"step"].toString() && object[u"version"].toInt() == 1 &&
            !one.marker.isEmpty()) {
            one.step = step;
            return one;
        }
    }
    return std::nullopt;
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
    const Result<QByteArray> json = Core::readFile(path(principalId), 1 << 20);
    if (!json && json.error().kind == Error::Kind::NotFound)
        return std::optional<Rotation>();
    if (!json)
        return json.error();
    const std::optional<Rotation> rotation = fromJson(QJsonDocument::fromJson(*json).object());
    if (!rotation || rotation->principalId != principalId) {
        return Error{
            .kind = Error::Kind::InvalidInput,
            .message =
                u"The journal “%1” is damaged, or of a newer version; it was left as it is."_s.arg(
                    path(principalId)),
            .code = u"JournalUnreadable"_s,
            .nextStep =
                u"Compare the secrets in Entra ID (az ad app credential list) with the one kept here, then move the journal away."_s};
    }
    return rotation;
}

Result<void> RotationJournal::write(const Rotation &rotation) const
{
    return Core::writeFileAtomically(path(rotation.principalId), toJson(rotation));
}

Result<void> RotationJournal::remove(const QString &principalId) const
{
    QFile file(path(principalId));
    if (!file.exists() || file.remove())
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
