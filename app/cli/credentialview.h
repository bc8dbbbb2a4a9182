#pragma once

#include "core/error.h"
#include "services/filecredential.h"

#include <QJsonValue>
#include <optional>

namespace Cli {

/// Whether a file holds what the SDKs sign in with, and whether it works.
struct CredentialView : Services::CredentialFindings
{
    bool tried = false; ///< Entra ID was asked, or should have been
    Services::SignInOutcome outcome = Services::SignInOutcome::Unknown;
    QString cloud; ///< where; empty when it was not asked
    std::optional<Core::Error> failure;

    /// Complete, without an error that can be seen, and not refused.
    bool isGood() const;
};

/// For --json; null where there is none.
QJsonValue jsonOf(const CredentialView &credential);
/// The same for people, a sentence each.
QStringList sentencesOf(const CredentialView &credential);

} // namespace Cli
