#pragma once

#include "access/isolation.h"
#include "identity/serviceprincipal.h"
#include "services/accesscheck.h"

#include <QObject>
#include <memory>

namespace Services {

struct Services;

/// Tries each principal at each environment's account, one check after the other: its own accounts first, because their
/// containers are what the others have to be refused at.
class IsolationRun final : public QObject
{
    Q_OBJECT
public:
    /// One principal and an account of its environment; a principal with several accounts has several.
    struct Party {
        Identity::ServicePrincipal principal;
        QUrl account; ///< as Azure::parseAccountUrl() yields it
    };

    /// \a containers: names that everybody is tried at besides what can be listed.
    IsolationRun(Services &services, const QList<Party> &parties, const QStringList &containers = {}, QObject *parent = nullptr);
    ~IsolationRun() override;

    void start();
    void cancel(); ///< at once; finished() follows with complete = false
    /// As far as it is known; before start() the pairs that will be tried.
    const Access::Isolation &isolation() const;

signals:
    void pairChanged(qsizetype index);    ///< of isolation().pairs
    void progress(int done, int total);   ///< pairs
    void finished(const Access::Isolation &isolation);

private:
    void next();
    void checked(const Access::AccessReport &report);
    void failed(const Core::Error &error);
    void settle();
    void finish();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Services
