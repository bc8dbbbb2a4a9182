#include "sandbox/backend.h"

#include "serving/messagereader.h"

#include <QPointer>
#include <QSslSocket>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr int s_deadlineMilliseconds = 120'000;

bool isOfTheConnection(const QByteArray &name)
{
    for (const char *own :
         {"Host", "Authorization", "Connection", "Keep-Alive", "Transfer-Encoding",
          "Content-Length", "Expect", "TE", "Upgrade", "Proxy-Connection", "Proxy-Authorization"}) {
        if (name.compare(own, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace

QByteArray requestBytes(const Incoming &request, quint16 port, const QByteArray &bearer)
{
    QByteArray bytes = request.verb + ' ' + request.target +
                       " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) +
                       "\r\nAuthorization: Bearer " + bearer + "\r\n";
    for (const auto &[name, value] : request.headers) {
        if (!isOfTheConnection(name))
            bytes += name + ": " + value + "\r\n";
    }
    if (!request.body.isEmpty() || request.verb == "PUT" || request.verb == "POST")
        bytes += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    return bytes + "\r\n" + request.body;
}

class Backend::Call final : public QObject
{
public:
    Call(Backend *backend, const Incoming &request, QObject *context, Done done)
        : QObject(backend)
        , m_backend(backend)
        , m_context(context)
        , m_done(std::move(done))
        , m_head(request.verb == "HEAD")
    {
        m_bytes = requestBytes(request, backend->m_port, backend->m_bearer);
        m_deadline.setSingleShot(true);
        connect(&m_deadline, &QTimer::timeout, this, [this] {
            finish(Core::Error{.kind = Core::Error::Kind::Timeout,
                               .message = u"Azurite did not answer in time."_s});
        });
    }

    void start()
    {
        m_deadline.start(s_deadlineMilliseconds);
        begin();
    }

private:
    void begin()
    {
        m_reader = Serving::MessageReader(Serving::MessageReader::Kind::Response);
        m_reader.reset(!m_head);
        m_reused = !m_backend->m_idle.isEmpty();
        if (m_reused) {
            m_socket = m_backend->m_idle.takeLast();
            m_socket->disconnect(m_backend);
        } else {
            m_socket = new QSslSocket(m_backend);
            m_socket->setSslConfiguration(m_backend->m_tls);
        }
        connect(m_socket, &QSslSocket::readyRead, this, &Call::read);
        connect(m_socket, &QSslSocket::disconnected, this, &Call::lost);
        connect(m_socket, &QSslSocket::errorOccurred, this, &Call::lost);
        if (m_reused) {
            m_socket->write(m_bytes);
            return;
        }
        connect(m_socket, &QSslSocket::encrypted, this, [this] { m_socket->write(m_bytes); });
        m_socket->connectToHostEncrypted(u"127.0.0.1"_s, m_backend->m_port);
    }

    void read()
    {
        m_anything = true;
        switch (m_reader.feed(m_socket->readAll())) {
        case Serving::MessageReader::State::Done: return succeed();
        case Serving::MessageReader::State::Failed:
            return finish(Core::Error{.message = u"Azurite's answer cannot be understood."_s});
        default: break;
        }
    }

    void lost()
    {
        if (m_reader.end() == Serving::MessageReader::State::Done)
            return succeed();
        // Azurite closes idle connections just when it likes; a request on such a one was not read.
        if (m_reused && !m_anything) {
            drop();
            begin();
            return;
        }
        finish(Core::Error{
            .kind = Core::Error::Kind::Network,
            .message = u"The connection to Azurite failed: %1."_s.arg(m_socket->errorString())});
    }

    void succeed()
    {
        finish(Answer{m_reader.status(), m_reader.reason(), m_reader.headers(), m_reader.body()});
    }

    void drop()
    {
        m_socket->disconnect(this);
        m_socket->abort();
        m_socket->deleteLater();
        m_socket = nullptr;
    }

    void keep()
    {
        QSslSocket *socket = std::exchange(m_socket, nullptr);
        socket->disconnect(this);
        m_backend->m_idle.append(socket);
        connect(socket, &QSslSocket::disconnected, m_backend, [backend = m_backend, socket] {
            backend->m_idle.removeOne(socket);
            socket->deleteLater();
        });
    }

    void finish(Core::Result<Answer> result)
    {
        m_deadline.stop();
        if (result && m_reader.staysOpen() && !m_reader.hasBytes() &&
            m_socket->state() == QAbstractSocket::ConnectedState)
            keep();
        else
            drop();
        --m_backend->m_running;
        deleteLater();
        m_backend->startNext();
        if (m_context)
            m_done(std::move(result));
    }

    Backend *m_backend;
    QPointer<QObject> m_context;
    Done m_done;
    QByteArray m_bytes;
    QSslSocket *m_socket = nullptr;
    Serving::MessageReader m_reader{Serving::MessageReader::Kind::Response};
    QTimer m_deadline;
    bool m_head;
    bool m_reused = false;
    bool m_anything = false;
};

Backend::Backend(quint16 port, QSslConfiguration tls, QByteArray bearer, QObject *parent)
    : QObject(parent)
    , m_port(port)
    , m_tls(std::move(tls))
    , m_bearer(std::move(bearer))
{
}

Backend::~Backend()
{
    // Sockets say goodbye while they are destroyed; nobody is to listen any more.
    for (QSslSocket *socket : findChildren<QSslSocket *>(QString(), Qt::FindDirectChildrenOnly)) {
        socket->disconnect();
        delete socket;
    }
}

void Backend::send(const Incoming &request, QObject *context, Done done)
{
    m_waiting.append(new Call(this, request, context, std::move(done)));
    startNext();
}

void Backend::startNext()
{
    while (m_running < mostConnections && !m_waiting.isEmpty()) {
        ++m_running;
        m_waiting.takeFirst()->start();
    }
}

} // namespace Sandbox
