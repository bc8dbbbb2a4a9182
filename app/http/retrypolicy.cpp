#include "http/retrypolicy.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace Http {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

bool isTransient(int status, bool probe)
{
    switch (status) {
    case 429:
    case 500:
    case 503: return true;
    case 408:
    case 502:
    case 504: return !probe;
    default: return false;
    }
}


std::optional<milliseconds> withinDeadline(milliseconds delay, milliseconds left)
{
    // A wait that would use up the deadline only delays the bad news.
    return delay < left ? std::optional(delay) : std::nullopt;
}

milliseconds exponential(const RetryPolicy &policy, int attempt, double jitter)
{
    const double grown = static_cast<double>(policy.firstDelay.count()) * std::pow(2.0, attempt - 1);
    const double capped = std::min(grown, static_cast<double>(policy.maxDelay.count()));
    return milliseconds(static_cast<qint64>(capped * (0.5 + jitter / 2)));
}

std::optional<milliseconds> fromNumber(const QByteArray &text, qint64 unit)
{
    bool ok = false;
    const qint64 number = text.trimmed().toLongLong(&ok);
    // A day and more is not meant for a program that waits.
    if (!ok || number < 0 || number > 86'400'000 / unit)
        return std::nullopt;
    return milliseconds(number * unit);
}

} // namespace

std::optional<milliseconds> retryAfter(const Headers &headers, const QDateTime &now)
{
    for (const char *name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
        if (const QByteArray text = header(headers, name); !text.isEmpty()) {
            if (const auto delay = fromNumber(text, 1))
                return delay;
        }
    }
    const QByteArray text = header(headers, "Retry-After").trimmed();
    if (text.isEmpty())
        return std::nullopt;
    if (const auto delay = fromNumber(text, 1000))
        return delay;
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(text), Qt::RFC2822Date);
    QDateTime at = date;
    if (!at.isValid()) { // "GMT" instead of an offset, as HTTP writes it
        at = QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        at.setTimeSpec(Qt::UTC);
    }
    const qint64 delay = at.isValid() ? now.msecsTo(at) : -1;
    if (delay < 0 || delay > 86'400'000)
        return std::nullopt;
    return milliseconds(delay);
}

std::optional<milliseconds> RetryPolicy::delayAfter(const Request &request, const Response &response,
                                                    int attempt, double jitter, milliseconds left,
                                                    const QDateTime &now) const
{
    if (attempt >= maxAttempts || !request.retryable || !isTransient(response.status, request.probe))
        return std::nullopt;
    const milliseconds own = exponential(*this, attempt, jitter);
    const milliseconds asked = retryAfter(response.headers, now).value_or(own);
    return withinDeadline(std::min(std::max(asked, milliseconds(0)), maxDelay * 4), left);
}

std::optional<milliseconds> RetryPolicy::delayAfter(const Request &request, const Core::Error &error,
                                                    int attempt, double jitter, milliseconds left) const
{
    // A name that is not known, a refused certificate or a refused URL stay what they are.
    const bool lost = error.kind == Core::Error::Kind::Network
        && (error.code == u"ConnectionLost" || error.code == u"TemporaryFailure");
    if (attempt >= maxAttempts || !request.retryable || !lost)
        return std::nullopt;
    return withinDeadline(exponential(*this, attempt, jitter), left);
}

} // namespace Http
