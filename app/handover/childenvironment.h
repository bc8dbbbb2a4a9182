#pragma once

#include "core/secret.h"

#include <QByteArray>
#include <QList>
#include <utility>

namespace Handover {

using Variables = QList<std::pair<QByteArray, Core::Secret>>;

/// An environment as execve(2) wants it. It holds secrets: wiped when it goes.
class ChildEnvironment final
{
public:
    /// \a parent ("NAME=value" each) without what another credential left there, and with
    /// \a variables. Where \a parent names a proxy, this machine's own address is excepted from it
    /// if \a endpointHere: a token endpoint on loopback must not be asked through a proxy.
    ChildEnvironment(const QList<QByteArray> &parent, const Variables &variables,
                     bool endpointHere = false);
    ~ChildEnvironment();
    Q_DISABLE_COPY_MOVE(ChildEnvironment)

    const QList<QByteArray> &assignments() const { return m_assignments; }
    /// As execve(2) takes it; lasts as long as this object.
    QList<char *> pointers();

    /// This process's own environment.
    static QList<QByteArray> current();

private:
    QList<QByteArray> m_assignments;
};

/// Whether the SDKs' credentials read \a name, so that a left-over value would sign in somebody
/// else, somewhere else, or not at all.
bool steersCredentials(const QByteArray &name);

} // namespace Handover
