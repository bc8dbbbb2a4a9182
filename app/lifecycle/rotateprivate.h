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
    /// The files that hold what is rotated: environment files a secret; for a certificate these
    /// name only its own file.
    QList<Identity::Export> filesOf() const
    {
        if (!rotation.isOfCertificate())
            return principal.exports;
        return principal.credentialFile.isEmpty()
                   ? QList<Identity::Export>()
                   : QList<Identity::Export>{{principal.credentialFile, {}, {}}};
    }
    bool fileLeftBehind =
        false; ///< an application may still need the old secret: it does not go unasked
};

} // namespace Lifecycle
