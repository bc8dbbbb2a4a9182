#include "support/tlsserver.h"

#include <QTcpSocket>
#include <QTimer>
#include <QUrl>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace Test {

namespace {

QByteArray pem(const std::function<int(BIO *)> &write)
{
    BIO *bio = BIO_new(BIO_s_mem());
    write(bio);
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    const QByteArray text(data, static_cast<qsizetype>(size));
    BIO_free(bio);
    return text;
}

void addExtension(X509 *certificate, X509 *issuer, int nid, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.constData());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Identity make(const QByteArray &name, int days, bool authority, const Identity *issuer)
{
    static long serial = 1;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    const long second = days < 0 ? -86400L * 10 : -3600L;
    X509_gmtime_adj(X509_getm_notBefore(certificate), second);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days < 0 ? -86400L : 86400L * days);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(name.constData()), -1, -1, 0);

    X509 *issuerCertificate = certificate;
    EVP_PKEY *issuerKey = key;
    if (issuer) {
        QByteArray text = issuer->certificate.toPem();
        BIO *bio = BIO_new_mem_buf(text.constData(), static_cast<int>(text.size()));
        issuerCertificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
        BIO_free(bio);
        text = issuer->key.toPem();
        bio = BIO_new_mem_buf(text.constData(), static_cast<int>(text.size()));
        issuerKey = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
        BIO_free(bio);
    }
    X509_set_issuer_name(certificate, X509_get_subject_name(issuerCertificate));
    if (authority)
        addExtension(certificate, issuerCertificate, NID_basic_constraints, "critical,CA:TRUE");
    else
        addExtension(certificate, issuerCertificate, NID_subject_alt_name,
                     "DNS:" + name + (name == "localhost" ? QByteArray(",IP:127.0.0.1") : QByteArray()));
    X509_sign(certificate, issuerKey, EVP_sha256());

    Identity made;
    made.certificate = QSslCertificate(pem([&](BIO *bio) { return PEM_write_bio_X509(bio, certificate); }));
    made.key = QSslKey(pem([&](BIO *bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); }), QSsl::Ec);
    if (issuer) {
        X509_free(issuerCertificate);
        EVP_PKEY_free(issuerKey);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}

} // namespace

Authority::Authority() : m_identity(make("Rolescope test authority", 2, true, nullptr)) {}

Identity Authority::issue(const QByteArray &host, int days) const
{
    return make(host, days, false, &m_identity);
}

Identity Authority::selfSigned(const QByteArray &host)
{
    return make(host, 1, false, nullptr);
}

QByteArray TlsServer::Received::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        if (line.toLower().startsWith(name.toLower() + ':'))
            return line.mid(name.size() + 1).trimmed();
    }
    return {};
}

TlsServer::TlsServer(Answer answer, const Identity *identity, QObject *parent)
    : QSslServer(parent), m_answer(std::move(answer)), m_tls(identity != nullptr)
{
    if (identity) {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(identity->certificate);
        configuration.setPrivateKey(identity->key);
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        setSslConfiguration(configuration);
    }
    connect(this, &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket *socket = nextPendingConnection())
            serve(socket);
    });
    if (!listen(QHostAddress::LocalHost))
        qFatal("no port to listen on");
}

QUrl TlsServer::url(const QString &path) const
{
    return QUrl(QStringLiteral("%1://localhost:%2%3").arg(m_tls ? QStringLiteral("https") : QStringLiteral("http")).arg(serverPort()).arg(path));
}

QByteArray TlsServer::response(int status, const QByteArray &body, const QByteArray &headers)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Reason\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

void TlsServer::incomingConnection(qintptr socket)
{
    if (m_tls)
        QSslServer::incomingConnection(socket);
    else
        QTcpServer::incomingConnection(socket); // NOLINT(bugprone-parent-virtual-call): without the TLS between
}

void TlsServer::serve(QTcpSocket *socket)
{
    ++connections;
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
        --connections;
        socket->deleteLater();
    });
    auto buffer = std::make_shared<QByteArray>();
    const auto read = [this, socket, buffer] {
        *buffer += socket->readAll();
        const qsizetype end = buffer->indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Received request{buffer->left(end), {}};
        const qsizetype length = request.header("Content-Length").toLongLong();
        if (buffer->size() < end + 4 + length)
            return;
        request.body = buffer->mid(end + 4, length);
        buffer->remove(0, end + 4 + length);
        received.append(request);
        const QByteArray bytes = m_answer(request);
        if (dripMs > 0) {
            auto *timer = new QTimer(socket);
            auto at = std::make_shared<qsizetype>(0);
            connect(timer, &QTimer::timeout, socket, [socket, timer, at, bytes] {
                if (*at >= bytes.size())
                    return timer->stop();
                socket->write(bytes.mid((*at)++, 1));
            });
            timer->start(dripMs);
            return;
        }
        if (!bytes.isEmpty())
            socket->write(bytes);
        if (closeAfterAnswer)
            socket->disconnectFromHost();
    };
    connect(socket, &QTcpSocket::readyRead, socket, read);
    read();
}

} // namespace Test
