#pragma once

#include "access/accessreport.h"
#include "access/proberun.h"
#include "identity/serviceprincipal.h"
#include "services/rightsreader.h"

#include <QObject>
#include <QStringList>
#include <QUrl>
#include <memory>

namespace Services {

struct Services;

/// "Check access", whole: signs in, finds the account's containers where none are named, and probes them.
class AccessCheck final : public QObject
{
    Q_OBJECT
public:
    struct Request {
        Identity::ServicePrincipal principal;
        QUrl account;           ///< as Azure::parseAccountUrl() yields it
        QStringList containers; ///< empty: those that the principal may list
        QStringList besides;    ///< asked in addition to what is listed, and alone where nothing may be listed
        Access::ProbeRun::Options options;
        std::optional<RightsSource> predict; ///< put what the roles promise beside what is observed
    };

    AccessCheck(Services &services, Request request, QObject *parent = nullptr);
    ~AccessCheck() override;

    void start();
    void cancel(); ///< at once; finished() or failed() follows

    /// The rights that the prediction of the last check stands on; nothing before it is finished, or without one.
    std::shared_ptr<const Access::AuthorizationFacts> rights() const;

signals:
    /// The rows are known; every cell is NotAsked. \a listed is false where the principal may not list containers and none
    /// were named: then only the account's row is checked.
    void planned(const QStringList &containers, bool listed);
    void cellChanged(const Access::Cell &cell);
    void progress(int done, int total);
    /// With a prediction, where one was asked for; why there is none stands in the report's notes.
    void finished(const Access::AccessReport &report);
    void failed(const Core::Error &error); ///< no check was possible: keychain, sign-in, cloud file

private:
    void findContainers();
    void probe(const QStringList &containers, bool listed);
    void readRights(const QString &objectId);
    void finishTogether();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Services
