#pragma once

#include "sandbox/backend.h"
#include "sandbox/scenario.h"

namespace Sandbox {

/// Fills Azurite with the scenario's containers and blobs, several at a time; what is there already
/// is overwritten. Ends itself once \a done was called. Errors: BadResponse, with the name of the
/// blob that was refused.
class Seeding final : public QObject
{
public:
    Seeding(Backend &backend, const Scenario &scenario, QObject *parent);
    void start(std::function<void(Core::Result<void>)> done);

private:
    void makeContainers();
    void makeBlobs();
    void put(const Incoming &request, const QString &what, std::function<void()> next);
    void putBlob(const QByteArray &target, const Blob &blob);
    void settle();

    Backend &m_backend;
    const Scenario &m_scenario;
    std::function<void(Core::Result<void>)> m_done;
    std::function<void()> m_nextStage;
    int m_open = 0;
};

} // namespace Sandbox
