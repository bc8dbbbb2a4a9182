#pragma once

#include "azure/graphobjects.h"
#include "core/result.h"
#include "identity/serviceprincipal.h"

class QObject;

namespace Services {

struct Services;

/// Which of an application's credentials a principal uses, by the ID that is known, the
/// certificate's thumbprint, or the secret's first three characters (Graph's hint). Errors:
/// NotFound, code "CredentialNotListed" (none of them, or it was removed); Conflict, code
/// "CredentialAmbiguous".
struct ListedCredential
{
    QString keyId;
    QDateTime endsAt;
    bool operator==(const ListedCredential &) const = default;
};
Core::Result<ListedCredential> credentialOf(const Azure::Application &application,
                                            const Identity::ServicePrincipal &principal,
                                            const Core::Secret &secret);

/// Reads from Microsoft Graph, as the operator of the principal's tenant, when its credential ends,
/// and keeps that in the index. Errors: those of OperatorSession::token(), GraphClient and
/// credentialOf(); InvalidInput for a federated token, which has no end of its own.
void readExpiry(Services &services, const Identity::ServicePrincipal &principal, QObject *context,
                Core::Done<Identity::ServicePrincipal> done);

} // namespace Services
