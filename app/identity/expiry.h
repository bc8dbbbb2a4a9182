#pragma once

#include "identity/serviceprincipal.h"

#include <QByteArray>
#include <QList>
#include <chrono>
#include <optional>

namespace Identity {

/// When a principal's credential ends, seen from a moment.
struct Expiry
{
    enum class State {
        Unknown, ///< nobody said; or a federated token, which its provider renews
        Later,
        Soon,
        Expired,
    };
    ServicePrincipal principal;
    State state = State::Unknown;
    qint64 days = 0; ///< whole ones from now, rounded down; negative once expired

    bool operator==(const Expiry &) const = default;
};

/// \a principal at \a now; Soon when it ends within \a soon.
Expiry expiryOf(const ServicePrincipal &principal, const QDateTime &now, std::chrono::seconds soon);
/// Those of \a principals that have ended or end within \a within, the first to end first.
QList<Expiry> expiring(const QList<ServicePrincipal> &principals, const QDateTime &now,
                       std::chrono::seconds within);

/// "30d", "2w", "12h" (hours, days, weeks; at most ten years); nothing for any other text.
std::optional<std::chrono::seconds> parseSpan(QStringView text);
/// A day ("2026-03-01": its end in UTC) or a moment in ISO 8601; nothing for any other text.
std::optional<QDateTime> parseExpiry(const QString &text);

/// An iCalendar file (RFC 5545) with one all-day event for each principal whose end is known, and
/// alarms 30, 7 and 1 days before. UIDs are those of the principals, so that importing it again
/// moves events and makes no second ones. Names are from the index, no secret.
QByteArray calendarOf(const QList<ServicePrincipal> &principals, const QDateTime &now);

} // namespace Identity
