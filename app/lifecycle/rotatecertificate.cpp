#include "lifecycle/rotateprivate.h"

#include <QThread>
#include <algorithm>

// Where the rotation of a certificate is another one than that of a secret: it is made here, and
// Entra ID takes the application's whole list of certificates, not a single one.
namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::Application;
using Azure::KeyCredential;
using Azure::PasswordCredential;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Identity::Certificate;
using Step = Rotation::Step;

Result<QString> RotateCredential::keptAmong(const Application &application, const QString &keyId,
                                            const Secret &kept)
{
    if (d->principal.credential != Identity::ServicePrincipal::Credential::Certificate)
        return keptSecretAmong(application, keyId, kept);
    const Result<Certificate> certificate = Identity::readCertificate(kept.reveal());
    if (!certificate)
        return certificate.error();
    d->rotation.oldThumbprint = QString::fromLatin1(certificate->thumbprint);
    return keptCertificateAmong(application, keyId, *certificate);
}

/// The credentials of the rotated kind.
QList<PasswordCredential> RotateCredential::listed(const Application &application) const
{
    if (!d->rotation.isOfCertificate())
        return application.passwords;
    QList<PasswordCredential> all;
    for (const KeyCredential &one : application.keys)
        all.append({one.keyId, one.displayName, {}, one.startsAt, one.endsAt});
    return all;
}

void RotateCredential::addCertificate()
{
    auto made = std::make_shared<Result<Certificate>>(Error{});
    auto *thread = QThread::create(
        [made, name = d->principal.name.left(64), days = d->rotation.lifetimeDays,
         now = d->parts.clock.now()] { *made = Identity::makeCertificate(name, days, now); });
    connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    connect(thread, &QThread::finished, this,
            [this, made] { *made ? keepCertificate(**made) : fail(made->error()); });
    thread->start();
}

// Before Entra ID hears of it, so that no certificate is there whose key is nowhere.
void RotateCredential::keepCertificate(const Certificate &certificate)
{
    d->parts.spares.put(d->principal, certificate.pem, this,
                        [this, certificate](const Result<QString> &key) {
                            if (!key)
                                return fail(key.error());
                            d->rotation.newSpareKey = *key;
                            d->rotation.newThumbprint = QString::fromLatin1(certificate.thumbprint);
                            d->rotation.newExpiresAt = certificate.notAfter;
                            publishCertificate(certificate);
                        });
}

void RotateCredential::publishCertificate(const Certificate &certificate)
{
    const auto publish = [this, certificate](const Application &application) {
        QJsonArray keys;
        for (const KeyCredential &one : application.keys)
            keys.append(one.asListed);
        keys.append(Azure::Graph::keyCredential(certificate.der, certificate.notBefore,
                                                certificate.notAfter, d->rotation.marker));
        asOperator([this, keys](const AccessToken &token) {
            d->graph->perform(
                token, Azure::Graph::setKeys(d->cloud, d->rotation.applicationId, keys), this,
                [this](const Result<void> &set) { set ? learnKeyId() : fail(set.error()); });
        });
    };
    withKeysThatInclude(d->rotation.oldKeyId, publish, [this](const Error &error) { fail(error); });
}

void RotateCredential::learnKeyId()
{
    insist<QString>(
        d->parts.patience, this,
        [this](auto done) {
            readApplication([this, done](const Application &application) {
                for (const KeyCredential &one : application.keys) {
                    if (one.displayName == d->rotation.marker ||
                        one.thumbprint.compare(d->rotation.newThumbprint, Qt::CaseInsensitive) == 0)
                        return done(one.keyId);
                }
                done(Error{.kind = Error::Kind::NotFound,
                           .message = u"Entra ID does not show the new certificate yet."_s,
                           .code = u"NotThereYet"_s,
                           .nextStep = u"Wait some minutes."_s});
            });
        },
        [this](const Result<QString> &keyId) {
            if (!keyId)
                return fail(keyId.error());
            d->rotation.newKeyId = *keyId;
            if (reach(Step::Stored))
                next();
        },
        [](const Error &error) { return error.code == u"NotThereYet"; });
}

// A replica that lags behind shows an old list. Sent back, that list would remove the certificate
// that it lacks, and with it perhaps the only one that works.
void RotateCredential::withKeysThatInclude(const QString &keyId,
                                           const std::function<void(const Application &)> &then,
                                           const std::function<void(const Error &)> &otherwise)
{
    insist<Application>(
        d->parts.patience, this,
        [this, keyId](auto done) {
            readApplication([keyId, done](const Application &application) {
                const auto &all = application.keys;
                if (keyId.isEmpty() || std::any_of(all.cbegin(), all.cend(), [&](const auto &one) {
                        return one.keyId == keyId;
                    }))
                    return done(application);
                done(Error{.kind = Error::Kind::Conflict,
                           .message = u"Entra ID lists the application's certificates without one "
                                      "that has to be there (%1)."_s.arg(keyId),
                           .code = u"ListIsOld"_s,
                           .nextStep = u"Wait some minutes; nothing was changed."_s});
            });
        },
        [then, otherwise](const Result<Application> &application) {
            application ? then(*application) : otherwise(application.error());
        },
        [](const Error &error) { return error.code == u"ListIsOld"; });
}

void RotateCredential::remove(const QString &keyId, const Core::Done<void> &done)
{
    if (!d->rotation.isOfCertificate())
        return asOperator([this, keyId, done](const AccessToken &token) {
            d->graph->removePassword(token, d->rotation.applicationId, keyId, this, done);
        });
    const auto without = [this, keyId, done](const Application &application) {
        QJsonArray keys;
        for (const KeyCredential &one : application.keys) {
            if (one.keyId != keyId)
                keys.append(one.asListed);
        }
        asOperator([this, keys, done](const AccessToken &token) {
            d->graph->perform(token,
                              Azure::Graph::setKeys(d->cloud, d->rotation.applicationId, keys),
                              this, done);
        });
    };
    const bool theOld = keyId == d->rotation.oldKeyId;
    withKeysThatInclude(theOld ? d->rotation.newKeyId : d->rotation.oldKeyId, without, done);
}

Result<QString> keptSecretAmong(const Application &application, const QString &keyId,
                                const Secret &secret)
{
    QList<PasswordCredential> fitting;
    QStringList there;
    const QByteArray start =
        secret.reveal().first(std::min<qsizetype>(3, secret.size())).toByteArray();
    for (const PasswordCredential &one : application.passwords) {
        if (one.keyId.compare(keyId, Qt::CaseInsensitive) == 0)
            return one.keyId;
        if (one.hint.isEmpty() || one.hint.toUtf8() == start)
            fitting.append(one);
        there.append(u"%1 (%2, until %3)"_s.arg(one.keyId, one.displayName.left(40),
                                                one.endsAt.toString(u"yyyy-MM-dd")));
    }
    if (fitting.size() == 1)
        return fitting.constFirst().keyId;
    if (fitting.isEmpty())
        return QString();
    return Error{
        .kind = Error::Kind::Conflict,
        .message = u"Entra ID has several secrets of “%1” that the one kept here may be: %2."_s.arg(
            application.displayName, there.join(u", "_s)),
        .code = u"WhichSecret"_s,
        .nextStep = u"Say which one is to be replaced: --replaces KEY-ID."_s};
}

QString keptCertificateAmong(const Application &application, const QString &keyId,
                             const Certificate &kept)
{
    for (const KeyCredential &one : application.keys) {
        if (one.keyId.compare(keyId, Qt::CaseInsensitive) == 0 || one.certificate == kept.der ||
            one.thumbprint.compare(QString::fromLatin1(kept.thumbprint), Qt::CaseInsensitive) == 0)
            return one.keyId;
    }
    return {};
}

} // namespace Lifecycle
