#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"
#include "core/clock.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "storage/blobclient.h"

#include <QObject>
#include <memory>

namespace Access {

/// Sends a plan's probes, a few at a time, and judges the answers. The account's row (or, where there is none, the first
/// container's) goes first: an account that cannot be reached, or that refuses the token or the network, ends the run with one
/// finding instead of hundreds of requests. Each probe is one billable transaction.
class ProbeRun final : public QObject
{
    Q_OBJECT
public:
    struct Options {
        int concurrency = 6;
        int budget = 5000;  ///< requests at most; what is left is Skipped
        std::chrono::milliseconds deadline{15 * 60 * 1000};
    };

    ProbeRun(Http::Transport &transport, const Core::Clock &clock, Storage::Endpoint endpoint, Identity::AccessToken token,
             ProbePlan plan, Options options, QObject *parent = nullptr);
    ~ProbeRun() override;

    void start();
    void cancel(); ///< at once; finished() follows with complete = false
    int done() const;
    int total() const;

signals:
    void cellChanged(const Access::Cell &cell); ///< Running, then its outcome; an outcome may be revised once (calibration)
    void finished(const Access::AccessReport &report);

private:
    void pump();
    void ask(qsizetype index);
    void answered(qsizetype index, const Core::Result<Http::Response> &response);
    void setCell(qsizetype index, Cell cell);
    void calibrate();
    void endCalibration(qsizetype answered);
    void finish(bool complete);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Access
