#pragma once

#include "azure/armclient.h"
#include "lifecycle/parts.h"

#include <QObject>
#include <memory>

namespace Lifecycle {

/// Gives a role, once: a repeat changes nothing, and an assignment that is there with another
/// condition is never overwritten.
class AssignRole final : public QObject
{
    Q_OBJECT
public:
    struct Outcome
    {
        Azure::RoleAssignment assignment;
        bool created = false; ///< false: it was there already
    };

    AssignRole(Parts parts, Identity::Cloud cloud, Azure::NewAssignment wanted,
               QObject *parent = nullptr);
    ~AssignRole() override;

    void start(); ///< finished() or failed() follows
    void
    undo(); ///< removes what this made; finished() follows with its former outcome, or failed()

signals:
    void announced(const Lifecycle::Announcement &announcement);
    void finished(const Lifecycle::AssignRole::Outcome &outcome);
    void failed(const Core::Error &error);

private:
    void lookForIt();
    void create();
    void readExisting(const Core::Error &why);
    void met(const QList<Azure::RoleAssignment> &found, const Core::Error *why);
    void asOperator(const std::function<void(const Identity::AccessToken &)> &then);
    void fail(const Core::Error &error);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Lifecycle
