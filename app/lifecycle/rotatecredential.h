#pragma once

#include "azure/graphclient.h"
#include "identity/certificate.h"
#include "lifecycle/parts.h"
#include "lifecycle/rotationjournal.h"

#include <QObject>
#include <memory>

namespace Lifecycle {

/// Replaces a principal's client secret or certificate, with overlap: the new one is made, kept,
/// proven by a token, checked and exported before the old one goes, and that only after somebody
/// said so. Each step is in the journal; what stopped goes on where it stopped.
class RotateCredential final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        int lifetimeDays = 180;
        QString replaces;       ///< ID of the secret to be replaced, where it cannot be told
        bool removeOld = false; ///< confirmed beforehand
    };
    /// The access check with the new secret, which is the current one then; yields what it found,
    /// in a sentence. May be empty.
    using Check = std::function<void(const Identity::ServicePrincipal &principal, QObject *context,
                                     Core::Done<QString> done)>;

    RotateCredential(Parts parts, Identity::ServicePrincipal principal, Options options,
                     Check check, QObject *parent = nullptr);
    ~RotateCredential() override;

    /// Begins, or goes on where the journal says. One of the signals below follows; deleting this
    /// stops, and start() of another goes on.
    void start();
    /// The old secret may go; after confirmationNeeded().
    void confirm();
    /// Takes everything back: the old secret is the current one again, in the files too, and the
    /// new one is removed. Not after the old one was removed.
    void abandon();

signals:
    void announced(const Lifecycle::Announcement &announcement);
    /// The new secret is in use; the old one still works. \a remarks: what the check found, which
    /// files could not be written.
    void confirmationNeeded(const Lifecycle::Rotation &rotation, const QStringList &remarks);
    void finished(const Lifecycle::Rotation &rotation,
                  const QStringList &remarks); ///< with Step::Removed or Step::Abandoned
    void failed(const Core::Error &error,
                const Lifecycle::Rotation &rotation); ///< start() goes on from there

private:
    void begin();
    void findOld(const Azure::Application &application);
    void next();
    void clearAway();
    void removeMarked(QList<QString> keyIds, const std::function<void()> &then);
    void addNew();
    void store(const Azure::NewPassword &password);
    void addCertificate();
    void keepCertificate(const Identity::Certificate &certificate);
    void publishCertificate(const Identity::Certificate &certificate);
    void learnKeyId();
    QList<Azure::PasswordCredential> listed(const Azure::Application &application) const;
    void remove(const QString &keyId, const Core::Done<void> &done);
    void withKeysThatInclude(const QString &keyId,
                             const std::function<void(const Azure::Application &)> &then,
                             const std::function<void(const Core::Error &)> &otherwise);
    Core::Result<QString> keptAmong(const Azure::Application &application, const QString &keyId,
                                    const Core::Secret &kept);
    void prove(const std::function<void()> &then);
    void makeCurrent();
    void runCheck();
    void exportAgain();
    void removeOld();
    void removedOld();
    void removeStrays();
    void dropOld();
    void takeBack();
    void removeNew();
    bool reach(Rotation::Step step);
    bool writeFile(const Identity::Export &exported, const Core::Secret &secret);
    void readApplication(const std::function<void(const Azure::Application &)> &then);
    void asOperator(const std::function<void(const Identity::AccessToken &)> &then);
    void fail(const Core::Error &error);
    void announce(const QString &step, const QString &text);

    struct Private;
    std::unique_ptr<Private> d;
};

/// Which of \a application's secrets the one kept here is: by its ID, else by its first characters,
/// else the only one. Errors: Conflict
/// ("WhichSecret", with what there is). Empty where Entra ID has none any more.
Core::Result<QString> keptSecretAmong(const Azure::Application &application, const QString &keyId,
                                      const Core::Secret &secret);

/// Which of \a application's certificates \a kept is: by its ID, its thumbprint or its bytes. Empty
/// where Entra ID does not have it.
QString keptCertificateAmong(const Azure::Application &application, const QString &keyId,
                             const Identity::Certificate &kept);

} // namespace Lifecycle
