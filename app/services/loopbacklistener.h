#pragma once

#include "core/result.h"
#include "serving/peerowner.h"

#include <QHash>
#include <QObject>
#include <QTcpServer>
#include <QUrl>
#include <QUrlQuery>
#include <functional>

class QTcpSocket;

namespace Services {

/// A small server on 127.0.0.1 to which a browser brings an answer back. It accepts one: the first
/// that \a accept likes; everything else is refused and changes nothing. It also sends the browser
/// off, so that what is in the sign-in's URL shows in no program's arguments.
class LoopbackListener final : public QObject
{
    Q_OBJECT
public:
    /// Whether the answer is the one that is waited for.
    using Accept = std::function<bool(const QUrlQuery &)>;

    explicit LoopbackListener(QObject *parent = nullptr);

    /// Listens on a port that the system chooses. Errors: Network.
    Core::Result<quint16> listen();
    /// An address of this listener that leads the browser to \a target, once.
    QUrl leadTo(const QUrl &target);
    void setAccept(Accept accept) { m_accept = std::move(accept); }

signals:
    void accepted(const QUrlQuery &answer);

private:
    void connected();
    void admit(QTcpSocket *socket, std::optional<uint> user);
    void read(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const QByteArray &head);
    static void reply(QTcpSocket *socket, const QByteArray &status, const QByteArray &headers,
                      const QByteArray &text);

    QHash<qint64, int> m_ofUser; ///< open connections; outlives the server, whose end changes it
    Serving::PeerOwners m_owners;
    QTcpServer m_server;
    Accept m_accept;
    QByteArray m_startPath; ///< empty once used
    QUrl m_target;
    bool m_done = false;
};

} // namespace Services
