#pragma once

#include "access/accessreport.h"
#include "access/authorizationfacts.h"
#include "core/error.h"
#include "identity/serviceprincipal.h"

#include <QObject>
#include <QUrl>
#include <chrono>
#include <memory>

namespace Services {

struct Services;

/// "Wait until effective": asks again what the roles allow and the service still refuses, until it is allowed or the time is up.
/// One cell of each role assignment and operation is asked at first; all of them once those are allowed.
class EffectiveWait final : public QObject
{
    Q_OBJECT
public:
    struct Options {
        std::chrono::milliseconds every{10'000};
        std::chrono::milliseconds limit{30 * 60'000}; ///< Azure's documents say five to thirty minutes
    };

    /// \a report: of \a principal, with its prediction; \a facts: what that stands on, for when the assignments were made.
    EffectiveWait(Services &services, Identity::ServicePrincipal principal, Access::AccessReport report,
                  std::shared_ptr<const Access::AuthorizationFacts> facts, Options options, QObject *parent = nullptr);
    ~EffectiveWait() override;

    /// How many cells are refused though the roles allow them; where none is, there is nothing to wait for.
    static int waitingIn(const Access::AccessReport &report);

    void start();
    void cancel(); ///< at once; finished() follows with what is known

signals:
    void asked(int round, int stillRefused);
    /// The report with what has become effective: those cells are allowed, with the finding "became-effective" that says how long
    /// it took. What is still refused keeps its finding.
    void finished(const Access::AccessReport &report);
    void failed(const Core::Error &error); ///< the sign-in failed meanwhile

private:
    void ask();
    void answered(const Access::AccessReport &answers);
    void settle(const Access::Cell &answer);
    void release();
    void finish();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Services
