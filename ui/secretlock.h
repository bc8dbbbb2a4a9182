#pragma once

#include "services/idlelock.h"

#include <QObject>

class QSettings;

namespace Services {
struct Services;
}

namespace Ui {

class SecretClipboard;

/// When nobody is here any more: tokens are dropped, what was revealed or typed in secret is masked or cleared, the clipboard too.
/// Secrets are in the keychain and read for each use, so that what comes next asks it again.
class SecretLock final : public QObject
{
    Q_OBJECT
public:
    /// "lockAfterMinutes" of \a settings, 10 where there is none; 0 for never.
    SecretLock(Services::Services &services, SecretClipboard &clipboard, const QSettings &settings, QObject *parent);

    Services::IdleLock &idle() { return m_idle; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void drop();

    Services::Services &m_services;
    SecretClipboard &m_clipboard;
    Services::IdleLock m_idle;
};

} // namespace Ui
