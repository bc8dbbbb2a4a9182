#pragma once

#include "core/clock.h"
#include "http/activitylog.h"
#include "http/qttransport.h"
#include "storage/transfer.h"
#include "support/tlsserver.h"

#include <optional>

namespace Test {

/// The real transport to a server on loopback that a test answers for as the Blob service would.
class BlobServer
{
public:
    explicit BlobServer(TlsServer::Answer answer)
        : server(std::move(answer), &m_identity)
    {
        m_trust.caCertificates = {m_authority.certificate()};
    }
    Storage::BlobPlace place(const QString &blob = QStringLiteral("in/a b.bin")) const
    {
        return {{server.url(), m_trust}, QStringLiteral("c"), blob};
    }
    Storage::TokenSource tokens()
    {
        return [this](QObject *context, const Core::Done<::Identity::AccessToken> &done) {
            ++tokensAsked;
            QMetaObject::invokeMethod(
                context,
                [done] {
                    done(::Identity::AccessToken{Core::Secret("t0ken"), {}, {}});
                },
                Qt::QueuedConnection);
        };
    }
    QList<QByteArray> lines() const
    {
        QList<QByteArray> list;
        for (const TlsServer::Received &one : server.received)
            list.append(one.head.left(one.head.indexOf(" HTTP")));
        return list;
    }

private:
    Authority m_authority;
    Identity m_identity = m_authority.issue("localhost");
    Http::Trust m_trust;
    Core::SystemClock m_clock;
    Http::ActivityLog m_log;

public:
    TlsServer server;
    Http::QtTransport transport{m_clock, m_log, {.firstDelay = std::chrono::milliseconds(5)}};
    const Core::Clock &clock = m_clock;
    Http::ActivityLog &activity = m_log;
    int tokensAsked = 0;
};

/// How a transfer ended, and what it said meanwhile.
struct Outcome
{
    explicit Outcome(Storage::Transfer &transfer)
    {
        QObject::connect(&transfer, &Storage::Transfer::progressed, &transfer,
                         [this](qint64 done, qint64 total) {
                             ran = ran && done >= last && done <= total;
                             last = done;
                         });
        QObject::connect(&transfer, &Storage::Transfer::finished, &transfer,
                         [this] { ++finished; });
        QObject::connect(&transfer, &Storage::Transfer::failed, &transfer,
                         [this](const Core::Error &one) {
                             ++failed;
                             error = one;
                         });
    }
    bool over() const { return finished + failed > 0; }
    bool ran = true; ///< progress never went backwards
    qint64 last = -1;
    int finished = 0, failed = 0;
    Core::Error error;
};

} // namespace Test
