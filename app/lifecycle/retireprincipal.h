#pragma once

#include "azure/armclient.h"
#include "azure/graphclient.h"
#include "lifecycle/parts.h"
#include "lifecycle/retirement.h"

#include <QObject>
#include <memory>

namespace Lifecycle {

/// Takes a principal out of service: its role assignments, its credentials, its service principal,
/// its application and its keychain entry, in this order, each named before it goes. What is gone
/// already is passed over, so that it can be begun again.
class RetirePrincipal final : public QObject
{
    Q_OBJECT
public:
    /// What there is to take away.
    struct Plan
    {
        Identity::ServicePrincipal principal;
        QList<Azure::RoleAssignment> assignments;
        std::optional<Azure::Application> application; ///< with its credentials
        std::optional<Azure::DirectoryPrincipal> directory;
        QStringList remarks;            ///< what could not be looked at
        QStringList inWords() const;    ///< one line for each thing, in the order in which it goes
        QStringList azCommands() const; ///< which would do the same
    };

    RetirePrincipal(Parts parts, Identity::ServicePrincipal principal, QObject *parent = nullptr);
    ~RetirePrincipal() override;

    void look(); ///< planned() or failed() follows; nothing is changed
    /// Does what planned() said. \a name must be the principal's, as a person typed it. finished()
    /// or failed() follows.
    void proceed(const QString &name);

signals:
    void planned(const Lifecycle::RetirePrincipal::Plan &plan);
    void announced(const Lifecycle::Announcement &announcement);
    void finished(const Lifecycle::Retirement &retirement);
    void failed(const Core::Error &error,
                const QStringList &left); ///< \a left: what is still there, in words

private:
    void findApplication();
    void findServicePrincipal();
    void findSubscriptions();
    void findAssignments(QStringList subscriptions);
    void removeAssignment();
    void removeCredential();
    void removeKeys();
    void deleteServicePrincipal();
    void deleteApplication();
    void forget();
    void gone(const Core::Result<void> &result, const std::function<void()> &then);
    void asOperator(const QString &scope,
                    const std::function<void(const Identity::AccessToken &)> &then);
    void fail(const Core::Error &error);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Lifecycle
