#pragma once

#include "http/message.h"

#include <QDateTime>
#include <QObject>
#include <deque>

namespace Http {

/// One request as it may be shown: no header values that carry a credential, no bodies, query secrets redacted.
struct Activity {
    QDateTime at;
    QByteArray verb;
    QUrl url;              ///< with the values of sig, code, client_secret and the like replaced by "REDACTED"
    int status = 0;        ///< 0 where no answer came
    QString error;         ///< the service's code, or the transport error's message
    QByteArray requestId;
    QByteArray clientRequestId;
    int attempt = 1;
    std::chrono::milliseconds elapsed{0};

    /// A curl command line that repeats the request, with "$TOKEN" in place of the token.
    QString curl() const;
    Headers headers;         ///< as sent, without Authorization and cookies
    bool authorized = false; ///< whether a bearer token went along
};

/// Whether a header's value may never be shown.
bool isSecretHeader(QByteArrayView name);
/// \a url without user info, and with the values of secret query parameters replaced.
QUrl redacted(QUrl url);

/// The last requests, newest last; at most \a capacity.
class ActivityLog final : public QObject
{
    Q_OBJECT
public:
    explicit ActivityLog(int capacity = 2000, QObject *parent = nullptr);

    void add(Activity activity);
    const std::deque<Activity> &entries() const { return m_entries; }
    void clear();

signals:
    void added(const Http::Activity &activity);
    void dropped(int count); ///< that many of the oldest went to make room, before added()
    void cleared();

private:
    size_t m_capacity;
    std::deque<Activity> m_entries;
};

} // namespace Http
