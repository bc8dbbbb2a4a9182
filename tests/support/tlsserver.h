#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QUrl>
#include <functional>

namespace Test {

/// A certificate and its key, made for a test.
struct Identity {
    QSslCertificate certificate;
    QSslKey key;
};

/// An authority of the test's own, and what it signs.
class Authority
{
public:
    Authority();
    QSslCertificate certificate() const { return m_identity.certificate; }
    /// A server certificate for \a host ("localhost" also covers 127.0.0.1), valid for \a days from now (negative: expired).
    Identity issue(const QByteArray &host, int days = 1) const;
    static Identity selfSigned(const QByteArray &host);

private:
    Identity m_identity;
};

/// A server over TLS (or plain, without an identity) that hands each request to \a answer and sends back the bytes it yields.
class TlsServer final : public QSslServer
{
    Q_OBJECT
public:
    struct Received {
        QByteArray head; ///< request line and headers
        QByteArray body;
        QByteArray header(const QByteArray &name) const;
    };
    using Answer = std::function<QByteArray(const Received &)>;

    explicit TlsServer(Answer answer, const Identity *identity = nullptr, QObject *parent = nullptr);

    QUrl url(const QString &path = QStringLiteral("/")) const;
    QList<Received> received;
    int connections = 0; ///< open ones
    bool closeAfterAnswer = false;
    int dripMs = 0;      ///< where set, the answer's body goes out a byte at a time

    static QByteArray response(int status, const QByteArray &body = {}, const QByteArray &headers = {});

protected:
    void incomingConnection(qintptr socket) override;

private:
    void serve(class QTcpSocket *socket);

    Answer m_answer;
    bool m_tls;
};

} // namespace Test
