#pragma once

#include "lifecycle/rotatecredential.h"

namespace Lifecycle {

struct RotateCredential::Private
{
    Parts parts;
    Identity::ServicePrincipal principal;
    Options options;
    Check check;
    RotationJournal journal;
    Rotation rotation{};
    Identity::Cloud cloud{};
    std::unique_ptr<Azure::GraphClient> graph{};
    QStringList remarks{};
    bool fileLeftBehind = false; ///< an application may still need the old secret: it does not go unasked
};

} // namespace Lifecycle
