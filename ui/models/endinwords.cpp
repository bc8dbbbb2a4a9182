#include "ui/models/endinwords.h"

#include "identity/expiry.h"

#include <QCoreApplication>

namespace Ui {

using Identity::Expiry;
using Credential = Identity::ServicePrincipal::Credential;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Ui::EndInWords)
};

} // namespace

QString endInWords(const Identity::ServicePrincipal &principal, const QDateTime &now)
{
    if (principal.credential == Credential::FederatedToken)
        return Words::tr("signs in with the token in %1").arg(principal.credentialFile);
    const Expiry expiry = Identity::expiryOf(principal, now, std::chrono::seconds(0));
    if (expiry.state == Expiry::State::Unknown)
        return {};
    const QString what = principal.credential == Credential::Certificate ? Words::tr("certificate")
                                                                         : Words::tr("secret");
    if (expiry.state == Expiry::State::Expired)
        return Words::tr("%1 expired").arg(what);
    return expiry.days == 0   ? Words::tr("%1 expires within a day").arg(what)
           : expiry.days == 1 ? Words::tr("%1 expires in 1 day").arg(what)
                              : Words::tr("%1 expires in %2 days").arg(what).arg(expiry.days);
}

} // namespace Ui
