#pragma once

#include "azure/graphclient.h"
#include "lifecycle/parts.h"

#include <QObject>
#include <memory>
#include <optional>

namespace Lifecycle {

/// Makes an application, its first client secret or certificate and its service principal, as `az
/// ad sp create-for-rbac` does, and keeps the credential here. When a step fails, what was made is
/// removed again; what could not be removed is named.
class RegisterApplication final : public QObject
{
    Q_OBJECT
public:
    static constexpr int defaultDays = 180;
    static constexpr int longestDays =
        730; ///< Entra ID's own limit for client secrets made in the portal is 24 months

    struct Certificate
    {
        QByteArray der;   ///< the public half, for Entra ID
        Core::Secret pem; ///< certificate and private key, for the keychain
        QDateTime startsAt, endsAt;
    };
    struct Request
    {
        QString name; ///< here and, without displayName, in Entra ID
        QString displayName;
        Identity::Environment environment;
        QString cloud = QStringLiteral("AzurePublic");
        QString tenant;
        int lifetimeDays = defaultDays;
        std::optional<Certificate> certificate; ///< in place of a secret
    };
    struct Outcome
    {
        Identity::ServicePrincipal principal;
        QString applicationId; ///< object ID of the application
        QString objectId;      ///< of the service principal: role assignments name it
        bool works = false;    ///< a token could be had; else replication still goes on
    };

    RegisterApplication(Parts parts, Request request, QObject *parent = nullptr);
    ~RegisterApplication() override;

    void start(); ///< finished() or failed() follows; deleting this stops without undoing
    /// Lets the request under way end, then removes what was made; failed() with Cancelled follows.
    /// What is kept already stays: finished() follows then, without waiting for replicas.
    void cancel();

    /// The commands that would do the same, with az.
    static QStringList azCommands(const Request &request);
    /// Why \a request cannot be meant; nothing where it can.
    static std::optional<Core::Error> refusal(const Request &request);

signals:
    void announced(const Lifecycle::Announcement &announcement);
    void finished(const Lifecycle::RegisterApplication::Outcome &outcome);
    /// \a left: what is still there and has to be removed by hand, with the command that does it.
    void failed(const Core::Error &error, const QStringList &left);

private:
    void checkHere();
    void lookForNamesakes();
    void lookForApplications();
    void createApplication();
    void addPassword();
    void createServicePrincipal();
    void keep();
    void waitUntilItWorks();
    void undo(const Core::Error &error);
    static Core::Error cancelled();
    void announce(const QString &step, const QString &text);
    void asOperator(const std::function<void(const Identity::AccessToken &)> &then);

    struct Private;
    std::unique_ptr<Private> d;
};

/// Sentences about principals of other environments that \a principal shares its name or client ID
/// with; empty where there are none.
QStringList sharedWithOtherEnvironments(const Identity::ServicePrincipal &principal,
                                        const QList<Identity::ServicePrincipal> &all);

} // namespace Lifecycle
