#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "identity/accesstoken.h"

#include <QObject>
#include <QProcess>

namespace Services {

/// What `az account get-access-token` said.
struct AzToken
{
    Identity::AccessToken access;
    QString tenantId;

    bool operator==(const AzToken &) const = default;
};

/// Errors: Unauthenticated (no token in it; \a said is what az wrote to stderr).
Core::Result<AzToken> parseAzToken(const QByteArray &json, const QString &said,
                                   const QString &scope, const QDateTime &now);

/// Asks the Azure CLI, which keeps a session of its own, for one short-lived token. Deleting it
/// ends az.
class AzSession final : public QObject
{
    Q_OBJECT
public:
    struct Request
    {
        QString scope;  ///< ends in "/.default"
        QString tenant; ///< empty for the tenant of az's active subscription
        std::chrono::milliseconds timeout{60'000};
    };
    AzSession(const Core::Clock &clock, Request request, QObject *parent = nullptr);
    ~AzSession() override;

    /// finished() follows, through the event loop. Errors: NotFound (no az), Unauthenticated,
    /// Timeout, Cancelled.
    void start();
    void cancel();

signals:
    void finished(const Core::Result<AzToken> &token);

private:
    void answered();
    void finish(const Core::Result<AzToken> &token);

    const Core::Clock &m_clock;
    Request m_request;
    QProcess m_process;
    bool m_over = false;
};

} // namespace Services
