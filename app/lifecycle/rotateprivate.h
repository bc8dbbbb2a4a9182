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
};

} // namespace Lifecycle
