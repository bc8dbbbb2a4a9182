#pragma once

#include "core/error.h"
#include "http/message.h"

#include <QDateTime>
#include <optional>

namespace Http {

/// When to send a request again; pure. Waits grow exponentially with jitter, follow Retry-After (seconds or HTTP
/// date; absurd values are capped, negative ones ignored), and never pass the caller's deadline.
struct RetryPolicy {
    int maxAttempts = 4;
    std::chrono::milliseconds firstDelay{500};
    std::chrono::milliseconds maxDelay{30'000};

    /// Milliseconds to wait before attempt \a attempt + 1, or nothing when the outcome stands.
    /// \a attempt counts from 1; \a jitter is in [0, 1); \a left is what remains of the deadline.
    std::optional<std::chrono::milliseconds> delayAfter(const Request &request, const Response &response, int attempt,
                                                        double jitter, std::chrono::milliseconds left,
                                                        const QDateTime &now) const;
    std::optional<std::chrono::milliseconds> delayAfter(const Request &request, const Core::Error &error, int attempt,
                                                        double jitter, std::chrono::milliseconds left) const;
};

/// The wait that Retry-After (or retry-after-ms, x-ms-retry-after-ms) asks for, if it asks for one that can be meant.
std::optional<std::chrono::milliseconds> retryAfter(const Headers &headers, const QDateTime &now);

} // namespace Http
