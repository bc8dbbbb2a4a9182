#include "serving/peerowner.h"

#include "core/background.h"

#include <QFile>
#include <QPointer>
#include <QSet>
#include <array>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace Serving {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *s_tables[] = {"/proc/net/tcp", "/proc/net/tcp6"};
constexpr int s_tries = 3; // a table that changes while it is read can miss a socket

QHostAddress plain(const QHostAddress &address)
{
    bool isMapped = false;
    const quint32 four = address.toIPv4Address(&isMapped);
    return isMapped ? QHostAddress(four) : address;
}

// Words of 32 bits, each as a number of this machine: 0100007F is 127.0.0.1 on a PC.
QHostAddress addressIn(QByteArrayView hex)
{
    std::array<quint8, 16> bytes{};
    if (hex.size() != 8 && hex.size() != 32)
        return {};
    for (qsizetype word = 0; word < hex.size() / 8; ++word) {
        bool ok = false;
        const quint32 value = hex.sliced(word * 8, 8).toByteArray().toUInt(&ok, 16);
        if (!ok)
            return {};
        std::memcpy(bytes.data() + word * 4, &value, sizeof value);
    }
    if (hex.size() == 8)
        return QHostAddress(quint32(bytes[0]) << 24 | quint32(bytes[1]) << 16 |
                            quint32(bytes[2]) << 8 | bytes[3]);
    return plain(QHostAddress(bytes.data()));
}

bool readEnd(const QByteArray &field, QHostAddress *address, quint16 *port)
{
    const qsizetype colon = field.indexOf(':');
    bool ok = false;
    *port = field.sliced(colon + 1).toUShort(&ok, 16);
    *address = addressIn(QByteArrayView(field).first(std::max<qsizetype>(colon, 0)));
    return ok && !address->isNull();
}

std::optional<ListedSocket> socketIn(const QByteArray &line)
{
    // sl local remote st queues timer retransmits uid timeout inode …
    const QList<QByteArray> fields = line.simplified().split(' ');
    ListedSocket socket;
    bool isNumber = false, hasInode = false;
    socket.user = fields.value(7).toUInt(&isNumber);
    const quint64 inode = fields.value(9).toULongLong(&hasInode);
    if (!isNumber || !hasInode || inode == 0 ||
        !readEnd(fields.value(1), &socket.local, &socket.localPort) ||
        !readEnd(fields.value(2), &socket.remote, &socket.remotePort))
        return {};
    return socket;
}

QByteArray portField(quint16 port)
{
    return ':' + QByteArray::number(port, 16).toUpper().rightJustified(4, '0') + ' ';
}

QList<ListedSocket> listed(const QSet<quint16> &ports)
{
    QList<ListedSocket> all;
    for (const char *table : s_tables) {
        QFile file(QString::fromLatin1(table));
        if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
            continue; // a kernel without IPv6 has one of them only
        QByteArray rest;
        for (QByteArray some = file.read(64 * 1024); !some.isEmpty(); some = file.read(64 * 1024)) {
            rest += some;
            const qsizetype end = rest.lastIndexOf('\n') + 1;
            for (const quint16 port : ports)
                all += socketsTo(port, rest.first(end));
            rest.remove(0, end);
        }
    }
    return all;
}

} // namespace

QList<ListedSocket> socketsTo(quint16 remotePort, const QByteArray &table)
{
    QList<ListedSocket> sockets;
    const QByteArray field = portField(remotePort);
    for (qsizetype begin = 0; begin < table.size();) {
        const qsizetype found = table.indexOf('\n', begin);
        const qsizetype end = found < 0 ? table.size() : found;
        const QByteArray line = QByteArray::fromRawData(table.constData() + begin, end - begin);
        begin = end + 1;
        if (!line.contains(field)) // nearly all of a long table
            continue;
        const std::optional<ListedSocket> socket = socketIn(line);
        if (socket && socket->remotePort == remotePort)
            sockets.append(*socket);
    }
    return sockets;
}

std::optional<uint> ownerOf(const QList<ListedSocket> &sockets, const QHostAddress &peer,
                            quint16 peerPort, const QHostAddress &local, quint16 localPort)
{
    std::optional<uint> owner;
    for (const ListedSocket &one : sockets) {
        if (one.localPort != peerPort || one.remotePort != localPort || one.local != plain(peer) ||
            one.remote != plain(local))
            continue;
        if (owner && *owner != one.user)
            return {};
        owner = one.user;
    }
    return owner;
}

bool mayConnect(std::optional<uint> user, uint own)
{
    return user && (*user == own || *user == 0);
}

struct PeerOwners::Question
{
    QHostAddress peer, local;
    quint16 peerPort, localPort;
    QPointer<QObject> context;
    Answer answer;
    int tries = 0;
};

PeerOwners::PeerOwners(QObject *parent)
    : QObject(parent)
{
}

bool PeerOwners::canTell()
{
    return ::access(s_tables[0], R_OK) == 0;
}

void PeerOwners::ask(const QHostAddress &peer, quint16 peerPort, const QHostAddress &local,
                     quint16 localPort, QObject *context, Answer answer)
{
    m_waiting.append(std::make_shared<Question>(
        Question{peer, local, peerPort, localPort, context, std::move(answer)}));
    readOnce();
}

void PeerOwners::readOnce()
{
    if (m_reading || m_waiting.isEmpty())
        return;
    m_reading = true;
    const auto asked = std::exchange(m_waiting, {}); // those that come later need a later reading
    QSet<quint16> ports;
    for (const auto &one : asked)
        ports.insert(one->localPort);
    Core::inBackground<QList<ListedSocket>>(
        this, [ports] { return listed(ports); },
        [this, asked](const QList<ListedSocket> &sockets) {
            m_reading = false;
            const QPointer<PeerOwners> guard(this);
            for (const auto &one : asked) {
                const auto owner =
                    ownerOf(sockets, one->peer, one->peerPort, one->local, one->localPort);
                if (!owner && ++one->tries < s_tries) {
                    m_waiting.append(one);
                    continue;
                }
                if (one->context)
                    one->answer(owner);
                if (!guard)
                    return;
            }
            readOnce();
        });
}

} // namespace Serving
