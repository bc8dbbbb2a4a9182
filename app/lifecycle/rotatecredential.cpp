#include "lifecycle/rotatecredential.h"

#include "lifecycle/rotateprivate.h"

#include <QUuid>
#include <algorithm>

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::Application;
using Azure::NewPassword;
using Azure::PasswordCredential;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Identity::ServicePrincipal;
using Step = Rotation::Step;

RotateCredential::RotateCredential(Parts parts, ServicePrincipal principal, Options options,
                                   Check check, QObject *parent)
    : QObject(parent)
    , d(new Private{parts, std::move(principal), std::move(options), std::move(check),
                    RotationJournal(parts.vault.folder())})
{
}

RotateCredential::~RotateCredential() = default;

void RotateCredential::start()
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->principal.cloud);
    if (!cloud)
        return fail(cloud.error());
    d->cloud = *cloud;
    d->graph = std::make_unique<Azure::GraphClient>(d->parts.transport, d->cloud);
    const Result<std::optional<Rotation>> journal = d->journal.read(d->principal.id);
    if (!journal)
        return fail(journal.error());
    if (*journal) {
        d->rotation = **journal;
        if (d->options.removeOld && (d->rotation.step == Step::Exported))
            return confirm();
        return next();
    }
    if (d->principal.credential == ServicePrincipal::Credential::FederatedToken) {
        return fail({.kind = Error::Kind::Unsupported,
                     .message = u"“%1” signs in with a federated token, which its provider renews: "
                                "there is nothing to rotate."_s.arg(d->principal.name),
                     .code = u"NothingToRotate"_s,
                     .nextStep = u"See that the file is written again in time: %1"_s.arg(
                         d->principal.credentialFile)});
    }
    begin();
}

void RotateCredential::begin()
{
    announce(u"find"_s,
             u"Looking which credentials Entra ID has for “%1”."_s.arg(d->principal.name));
    asOperator([this](const AccessToken &token) {
        d->graph->applicationOf(
            token, d->principal.clientId, this, [this](const Result<Application> &application) {
                if (!application)
                    return fail(application.error());
                d->rotation.applicationId = application->id;
                d->parts.vault.secret(
                    d->principal, this,
                    [this, application = *application](const Result<Secret> &secret) {
                        if (!secret)
                            return fail(secret.error());
                        const QString named = d->options.replaces.isEmpty()
                                                  ? d->principal.credentialKeyId
                                                  : d->options.replaces;
                        const Result<QString> old = keptAmong(application, named, *secret);
                        if (!old)
                            return fail(old.error());
                        d->rotation.oldKeyId = *old;
                        findOld(application);
                    });
            });
    });
}

void RotateCredential::findOld(const Application &application)
{
    Rotation &rotation = d->rotation;
    rotation.principalId = d->principal.id;
    rotation.oldExpiresAt = d->principal.credentialExpiresAt;
    for (const PasswordCredential &one : listed(application)) {
        if (one.keyId == rotation.oldKeyId)
            rotation.oldExpiresAt = one.endsAt;
    }
    const Result<QString> key = d->parts.spares.currentKey(d->principal.id);
    if (!key)
        return fail(key.error());
    rotation.oldSpareKey = *key;
    rotation.lifetimeDays = d->options.lifetimeDays;
    rotation.startedAt = d->parts.clock.now();
    rotation.marker = u"rolescope %1 %2"_s.arg(rotation.startedAt.toString(u"yyyy-MM-dd"),
                                               QUuid::createUuid().toString(QUuid::Id128).left(8));
    if (reach(Step::Begun))
        next();
}

// The one place that knows the order.
void RotateCredential::next()
{
    switch (d->rotation.step) {
    case Step::Begun: return clearAway();
    case Step::Stored: return prove([this] { makeCurrent(); });
    case Step::Current: return runCheck();
    case Step::Exported:
        if (d->options.removeOld && !d->fileLeftBehind)
            return confirm();
        emit confirmationNeeded(d->rotation, d->remarks);
        return;
    case Step::Confirmed: return prove([this] { removeOld(); });
    case Step::Removed: return removeStrays();
    case Step::Abandoned: return takeBack();
    }
}

// A secret of ours whose text never arrived is of no use to anybody.
void RotateCredential::clearAway()
{
    readApplication([this](const Application &application) {
        QList<QString> marked;
        for (const PasswordCredential &one : listed(application)) {
            if (one.displayName == d->rotation.marker)
                marked.append(one.keyId);
        }
        d->parts.spares.drop(d->principal.id, this, [this, marked](const Result<void> &dropped) {
            if (!dropped)
                return fail(dropped.error());
            removeMarked(marked, [this] { addNew(); });
        });
    });
}

void RotateCredential::removeMarked(QList<QString> keyIds, const std::function<void()> &then)
{
    if (keyIds.isEmpty())
        return then();
    announce(u"clearAway"_s,
             u"Removing a %1 of this rotation that is of no use any more (%2)."_s.arg(
                 d->rotation.noun(), keyIds.constFirst()));
    remove(keyIds.constFirst(), [this, keyIds, then](const Result<void> &removed) {
        removed ? removeMarked(keyIds.sliced(1), then) : fail(removed.error());
    });
}

void RotateCredential::addNew()
{
    announce(u"add"_s, u"Adding a second %1 that lasts %2 days. The old one goes on working."_s.arg(
                           d->rotation.noun(), QString::number(d->rotation.lifetimeDays)));
    if (d->rotation.isOfCertificate())
        return addCertificate();
    asOperator([this](const AccessToken &token) {
        const QDateTime now = d->parts.clock.now();
        const Azure::Graph::PasswordWish wish{d->rotation.marker, now,
                                              now.addDays(d->rotation.lifetimeDays)};
        insist<NewPassword>(
            d->parts.patience, this,
            [this, token, wish](auto done) {
                d->graph->addPassword(token, d->rotation.applicationId, wish, this, done);
            },
            [this](const Result<NewPassword> &password) {
                password ? store(*password) : fail(password.error());
            });
    });
}

void RotateCredential::store(const NewPassword &password)
{
    d->parts.spares.put(
        d->principal, password.text, this,
        [this, credential = password.credential](const Result<QString> &key) {
            if (!key) // the journal still says Begun: the next start removes it, if this does not
                return asOperator([this, credential,
                                   error = key.error()](const AccessToken &token) {
                    d->graph->removePassword(token, d->rotation.applicationId, credential.keyId,
                                             this,
                                             [this, error](const Result<void> &) { fail(error); });
                });
            d->rotation.newKeyId = credential.keyId;
            d->rotation.newExpiresAt = credential.endsAt;
            d->rotation.newSpareKey = *key;
            if (reach(Step::Stored))
                next();
        });
}

// With a token asked for just now: one that was kept would prove nothing.
void RotateCredential::prove(const std::function<void()> &then)
{
    announce(u"prove"_s, u"Waiting until Entra ID accepts the new %1."_s.arg(d->rotation.noun()));
    const auto tried = [this, then](const Result<Secret> &secret) {
        if (!secret)
            return fail(secret.error());
        insist<AccessToken>(
            d->parts.patience, this,
            [this, secret = *secret](auto done) {
                d->parts.tokens.forget(d->principal);
                d->parts.tokens.acquire(d->cloud, d->principal, secret, d->cloud.armScope(), this,
                                        done);
            },
            [this, then](const Result<AccessToken> &token) {
                token ? then() : fail(token.error());
            },
            [](const Error &error) {
                return error.kind == Error::Kind::Unauthenticated || error.status == 429;
            });
    };
    // The new one may be current already, where the program ended before the journal said so.
    const Result<QString> current = d->parts.spares.currentKey(d->principal.id);
    if (!current)
        return fail(current.error());
    if (*current == d->rotation.newSpareKey)
        return d->parts.vault.secret(d->principal, d->cloud, this, tried);
    d->parts.spares.read(
        d->principal, d->cloud, this, [this, tried](const Result<std::optional<Secret>> &secret) {
            if (!secret)
                return fail(secret.error());
            if (*secret)
                return tried(**secret);
            if (reach(Step::Begun)) // its text is gone from the keychain: another is made
                next();
        });
}

void RotateCredential::makeCurrent()
{
    const Result<void> swapped =
        d->parts.spares.makeCurrent(d->principal.id, d->rotation.newSpareKey, d->rotation.newKeyId,
                                    d->rotation.newExpiresAt, d->rotation.newThumbprint);
    if (!swapped)
        return fail(swapped.error());
    if (reach(Step::Current))
        next();
}

void RotateCredential::runCheck()
{
    if (!d->check)
        return exportAgain();
    announce(u"check"_s, u"Checking access with the new %1."_s.arg(d->rotation.noun()));
    d->check(d->principal, this, [this](const Result<QString> &found) {
        if (!found)
            return fail(found.error());
        if (!found->isEmpty())
            d->remarks.append(*found);
        exportAgain();
    });
}

void RotateCredential::confirm()
{
    if (d->rotation.step == Step::Exported && reach(Step::Confirmed))
        next();
}

} // namespace Lifecycle
