#pragma once

#include "core/result.h"

#include <QDBusServiceWatcher>
#include <QObject>
#include <QString>

namespace Vault {

/// One dialog of the Secret Service (org.freedesktop.Secret.Prompt): shows it and waits until it is answered. Deletes itself then,
/// or with \a context. Errors: KeychainLocked (not answered, or not shown), KeychainDenied (dismissed), KeychainAbsent.
class UnlockPrompt final : public QObject
{
    Q_OBJECT
public:
    UnlockPrompt(QString path, QObject *context, Core::Done<void> done);

private slots:
    void completed(bool dismissed);

private:
    void finish(const Core::Result<void> &result);

    QString m_path;
    Core::Done<void> m_done;
    QDBusServiceWatcher m_gone;
};

} // namespace Vault
