#include "lifecycle/rotateprivate.h"

#include "core/atomicfile.h"
#include "core/atomicfolder.h"
#include "envfile/format.h"
#include "identity/environmentvariables.h"

#include <QFileInfo>
#include <algorithm>

// The second half of a rotation: environment files, the end of the old secret or of the new one.
namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::Application;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Step = Rotation::Step;

namespace {

Result<void> writeAs(const EnvFile::Format &format, const EnvFile::Variables &variables,
                     const QString &path)
{
    if (format.shape == EnvFile::Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, variables);
        return files ? Core::writeFolderAtomically(path, *files) : files.error();
    }
    const auto text = EnvFile::write(format, variables);
    return text ? Core::writeFileAtomically(path, text->reveal(), Core::Links::SystemOnly)
                : text.error();
}

// Under a passphrase that is not kept here nothing can be written for the application to read.
Result<void> writeCertificate(const QString &path, const Secret &pem)
{
    const Result<QByteArray> before = Core::readFile(path, Identity::longestCertificate);
    if (!before)
        return before.error();
    if (Identity::isKeyLocked(*before))
        return Error{.kind = Error::Kind::Unsupported,
                     .message = u"its key is locked with a passphrase; write it with export "
                                "--certificate-file --protect-key, then go on."_s};
    const Result<Secret> text = Identity::certificateForFile(pem);
    return text ? Core::writeFileAtomically(path, text->reveal(), Core::Links::SystemOnly)
                : text.error();
}

} // namespace

void RotateCredential::exportAgain()
{
    const QList<Identity::Export> files = d->filesOf();
    if (files.isEmpty()) {
        if (reach(Step::Exported))
            next();
        return;
    }
    announce(u"export"_s,
             u"Writing the new %1 into %2."_s.arg(
                 d->rotation.noun(),
                 files.size() == 1 ? files.constFirst().path : u"%1 files"_s.arg(files.size())));
    d->parts.vault.secret(d->principal, this, [this, files](const Result<Secret> &secret) {
        if (!secret)
            return fail(secret.error());
        for (const Identity::Export &one : files) {
            if (d->rotation.written.contains(one.path) || !writeFile(one, *secret))
                continue;
            d->rotation.written.append(one.path);
            if (!reach(Step::Current))
                return;
        }
        if (reach(Step::Exported))
            next();
    });
}

// Whether it holds the secret now; why not stands in the remarks.
bool RotateCredential::writeFile(const Identity::Export &exported, const Secret &secret)
{
    const auto remark = [&](const QString &why) {
        d->remarks.append(
            u"%1 still holds the other %2: %3"_s.arg(exported.path, d->rotation.noun(), why));
        d->fileLeftBehind = true;
        return false;
    };
    if (!QFileInfo::exists(exported.path)) {
        d->remarks.append(
            u"%1 is not there any more, and was not made again."_s.arg(exported.path));
        return false;
    }
    if (d->rotation.isOfCertificate()) {
        const Result<void> written = writeCertificate(exported.path, secret);
        return written ? true : remark(written.error().message);
    }
    const EnvFile::Format *format = EnvFile::findFormat(exported.format);
    if (!format)
        return remark(u"its format “%1” is not known here."_s.arg(exported.format));
    const Result<void> written = writeAs(
        *format,
        Identity::withTokenCredentials(
            Identity::environmentVariables(d->cloud, d->principal, secret),
            exported.tokenCredentials),
        exported.path);
    return written ? true : remark(written.error().message);
}

void RotateCredential::removeOld()
{
    if (d->rotation.oldKeyId.isEmpty())
        return removedOld();
    announce(u"removeOld"_s, u"Removing the old %1 (%2) from Entra ID."_s.arg(
                                 d->rotation.noun(), d->rotation.oldKeyId));
    remove(d->rotation.oldKeyId, [this](const Result<void> &removed) {
        if (removed)
            return removedOld();
        if (d->rotation.isOfCertificate()) // the same list again is no error
            return fail(removed.error());
        // It may have gone with a request whose answer was lost.
        readApplication([this, error = removed.error()](const Application &application) {
            const auto all = listed(application);
            const bool there = std::any_of(all.cbegin(), all.cend(), [&](const auto &one) {
                return one.keyId == d->rotation.oldKeyId;
            });
            there ? fail(error) : removedOld();
        });
    });
}

void RotateCredential::removedOld()
{
    if (reach(Step::Removed))
        next();
}

// One of ours that a replica did not show when it should have been cleared away would stay for
// ever.
void RotateCredential::removeStrays()
{
    readApplication([this](const Application &application) {
        QList<QString> strays;
        for (const Azure::PasswordCredential &one : listed(application)) {
            if (one.displayName == d->rotation.marker && one.keyId != d->rotation.newKeyId)
                strays.append(one.keyId);
        }
        removeMarked(strays, [this] { dropOld(); });
    });
}

void RotateCredential::dropOld()
{
    announce(u"dropOld"_s, u"Forgetting the old %1."_s.arg(d->rotation.noun()));
    d->parts.spares.drop(d->principal.id, this, [this](const Result<void> &dropped) {
        if (!dropped)
            return fail(dropped.error());
        if (const Result<void> closed = d->journal.remove(d->principal.id); !closed)
            return fail(closed.error());
        emit finished(d->rotation, d->remarks);
    });
}

void RotateCredential::abandon()
{
    const Result<std::optional<Rotation>> journal = d->journal.read(d->principal.id);
    if (!journal || !*journal) {
        return fail(journal ? Error{.kind = Error::Kind::NotFound,
                                    .message = u"No rotation of “%1” is under way."_s.arg(
                                        d->principal.name)}
                            : journal.error());
    }
    d->rotation = **journal;
    if (d->rotation.step == Step::Confirmed || d->rotation.step == Step::Removed) {
        return fail(
            {.kind = Error::Kind::Conflict,
             .message =
                 u"The old %1 is removed already, or about to be: there is nothing to go back to."_s
                     .arg(d->rotation.noun()),
             .code = u"TooLate"_s,
             .nextStep =
                 u"Resume the rotation; then rotate once more if the new one is not wanted."_s});
    }
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->principal.cloud);
    if (!cloud)
        return fail(cloud.error());
    d->cloud = *cloud;
    d->graph = std::make_unique<Azure::GraphClient>(d->parts.transport, d->cloud);
    if (reach(Step::Abandoned))
        next();
}

void RotateCredential::takeBack()
{
    announce(u"takeBack"_s, u"Making the old %1 the current one again."_s.arg(d->rotation.noun()));
    const Result<void> swapped =
        d->parts.spares.makeCurrent(d->principal.id, d->rotation.oldSpareKey, d->rotation.oldKeyId,
                                    d->rotation.oldExpiresAt, d->rotation.oldThumbprint);
    if (!swapped)
        return fail(swapped.error());
    d->parts.vault.secret(d->principal, this, [this](const Result<Secret> &secret) {
        if (!secret)
            return fail(secret.error());
        for (const Identity::Export &one : d->filesOf()) {
            if (!QFileInfo::exists(one.path) ||
                (d->rotation.written.contains(one.path) && writeFile(one, *secret)))
                d->rotation.written.removeAll(one.path);
        }
        if (!d->rotation.written.isEmpty()) // the new one must go on working while a file needs it
            return fail({.kind = Error::Kind::File,
                         .message = d->remarks.join(u' '),
                         .nextStep = u"Mend that and abandon again."_s});
        removeNew();
    });
}

void RotateCredential::removeNew()
{
    readApplication([this](const Application &application) {
        QList<QString> marked;
        for (const Azure::PasswordCredential &one : listed(application)) {
            if (one.displayName == d->rotation.marker)
                marked.append(one.keyId);
        }
        removeMarked(marked, [this] { dropOld(); });
    });
}

bool RotateCredential::reach(Step step)
{
    d->rotation.step = step;
    const Result<void> written = d->journal.write(d->rotation);
    if (!written)
        fail(written.error());
    return written.has_value();
}

void RotateCredential::readApplication(const std::function<void(const Application &)> &then)
{
    asOperator([this, then](const AccessToken &token) {
        d->graph->application(token, d->rotation.applicationId, this,
                              [this, then](const Result<Application> &application) {
                                  application ? then(*application) : fail(application.error());
                              });
    });
}

void RotateCredential::asOperator(const std::function<void(const AccessToken &)> &then)
{
    d->parts.operatorToken(d->cloud.graphScope(), this,
                           [this, then](const Result<AccessToken> &token) {
                               token ? then(*token) : fail(token.error());
                           });
}

void RotateCredential::fail(const Error &error)
{
    QMetaObject::invokeMethod(
        this, [this, error] { emit failed(error, d->rotation); }, Qt::QueuedConnection);
}

void RotateCredential::announce(const QString &step, const QString &text)
{
    emit announced({step, text});
}

} // namespace Lifecycle
