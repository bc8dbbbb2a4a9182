#pragma once

#include "sandbox/blobendpoint.h"

#include <optional>

namespace Sandbox {

/// What lies between Azure's Blob service and Azurite: requests in Azurite's form, answers in
/// Azure's, and the operations that Azurite does not have. The differences that remain are listed
/// in app/sandbox/README.md.
class BlobAdapter final
{
public:
    /// \a endpoint is the account's public one, \a azurite Azurite's origin, e.g.
    /// "https://127.0.0.1:31000".
    BlobAdapter(const Account &account, QString endpoint, QString azurite);

    /// The answer to an operation that is not Azurite's; nothing for all others.
    std::optional<Answer> own(const Incoming &request, const Admitted &admitted,
                              const QDateTime &now) const;
    /// The admitted request, and nothing but that, as Azurite wants it.
    Incoming forAzurite(const Admitted &admitted) const;
    /// Azurite's answer as Azure would have given it.
    Answer asAzure(Answer answer, const Incoming &request, const Admitted &admitted,
                   const QDateTime &now) const;

private:
    Answer fromHead(Answer head, const Incoming &request, const Admitted &admitted,
                    const QDateTime &now) const;
    Answer failure(const Answer &answer, const Incoming &request, const QDateTime &now) const;

    const Account &m_account;
    QString m_endpoint;
    QString m_azurite;
};

} // namespace Sandbox
