#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <functional>
#include <memory>
#include <optional>

namespace Serving {

/// One end of a TCP connection on this machine, as the kernel lists it.
struct ListedSocket
{
    QHostAddress local; ///< IPv4 also for what is listed as IPv4-mapped IPv6
    quint16 localPort = 0;
    QHostAddress remote;
    quint16 remotePort = 0;
    uint user = 0;
};

/// The sockets of \a table, the text of /proc/net/tcp or tcp6, whose other end is at \a remotePort
/// and that some process has open: the kernel lists root as the owner of those that nobody has.
QList<ListedSocket> socketsTo(quint16 remotePort, const QByteArray &table);

/// The user at the far end of the connection from \a peer to \a local; nullopt where it is not
/// listed, or listed for two users.
std::optional<uint> ownerOf(const QList<ListedSocket> &sockets, const QHostAddress &peer,
                            quint16 peerPort, const QHostAddress &local, quint16 localPort);

/// Whether a process of \a user may connect to a server of \a own: the same user, and root, who can
/// do all that the user can. An unknown user may not.
bool mayConnect(std::optional<uint> user, uint own);

/// Tells who connected to a port of this machine. The kernel's tables are read on another thread,
/// once for all that ask meanwhile, since they can be long.
class PeerOwners final : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<void(std::optional<uint> user)>;

    explicit PeerOwners(QObject *parent = nullptr);

    /// Whether the kernel's table can be read at all.
    static bool canTell();
    /// \a answer comes later, unless \a context died meanwhile: nullopt where the connection has
    /// gone, or its owner cannot be told.
    void ask(const QHostAddress &peer, quint16 peerPort, const QHostAddress &local,
             quint16 localPort, QObject *context, Answer answer);

private:
    struct Question;
    void readOnce();

    QList<std::shared_ptr<Question>> m_waiting;
    bool m_reading = false;
};

} // namespace Serving
