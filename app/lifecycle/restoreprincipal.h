#pragma once

#include "azure/graphclient.h"
#include "lifecycle/parts.h"
#include "lifecycle/retirement.h"

#include <QObject>
#include <memory>

namespace Lifecycle {

class AssignRole;

/// Brings a retired principal back within Entra ID's 30 days: application, service principal, a new
/// client secret (the old ones are gone for good), its place here, its role assignments. Can be
/// begun again where it stopped.
class RestorePrincipal final : public QObject
{
    Q_OBJECT
public:
    RestorePrincipal(Parts parts, Retirement retirement, int lifetimeDays,
                     QObject *parent = nullptr);
    ~RestorePrincipal() override;

    void start(); ///< finished() or failed() follows

signals:
    void announced(const Lifecycle::Announcement &announcement);
    /// \a remarks: assignments that could not be made again.
    void finished(const Identity::ServicePrincipal &principal, const QStringList &remarks);
    void failed(const Core::Error &error);

private:
    void restoreApplication();
    void restoreServicePrincipal();
    void addPassword();
    void keep(const Azure::NewPassword &password);
    void assignNext();
    void asOperator(const std::function<void(const Identity::AccessToken &)> &then);
    void fail(const Core::Error &error);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Lifecycle
