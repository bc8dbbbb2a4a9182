#pragma once

#include "core/result.h"
#include "sandbox/entraendpoint.h"

#include <QTemporaryDir>
#include <memory>

namespace Sandbox {

/// The folder in which a sandbox leaves what its users need: cloud file, authority, principals.
/// Only its owner can read it.
class StateFolder final
{
public:
    /// An empty \a path takes a new folder, which disappears with this object. Errors: File.
    static Core::Result<StateFolder> open(const QString &path);

    bool isTemporary() const { return m_temporary != nullptr; }
    QString path(const QString &name = {}) const;
    /// Replaces a file, 0600. Folders on the way are made, 0700.
    Core::Result<void> write(const QString &name, const QByteArray &bytes) const;

    /// The ports that an earlier run in this folder used, by the names of their services; none where
    /// there was none. Errors: File, InvalidInput (the file is damaged, and left as it is).
    Core::Result<QMap<QString, quint16>> ports() const;
    Core::Result<void> rememberPorts(const QMap<QString, quint16> &ports) const;

private:
    std::shared_ptr<QTemporaryDir> m_temporary;
    QString m_path;
};

/// The cloud file that leads Rolescope to \a endpoints; its authority is ca.pem beside it.
QByteArray cloudFile(const Endpoints &endpoints, const QString &storageSuffix);

/// What a user of \a principal may have at hand, by file name: rbac.json (az ad sp
/// create-for-rbac), sdk-auth.json (--sdk-auth), systemd.env and lines.txt (copied from the
/// portal). \a authorityHost is left out of systemd.env where it is empty.
QMap<QString, QByteArray> credentialFiles(const Principal &principal, const QString &subscription,
                                          const Endpoints &endpoints, const QString &authorityHost);

/// users/NAME.json: what a person needs to sign in.
QByteArray userFile(const User &user);

} // namespace Sandbox
