#pragma once

#include "core/secret.h"

#include <QObject>
#include <QTimer>

namespace Ui {

/// Puts a secret on the clipboard, marked so that clipboard managers leave it alone, and takes it away again after half a minute and at
/// the end of the program, unless something else is there by then.
class SecretClipboard final : public QObject
{
    Q_OBJECT
public:
    explicit SecretClipboard(QObject *parent = nullptr);
    ~SecretClipboard() override;

    void copy(const Core::Secret &secret);
    void clear();
    void setLifetime(std::chrono::milliseconds lifetime) { m_timer.setInterval(lifetime); }
    int secondsLeft() const { return m_timer.isActive() ? (m_timer.remainingTime() + 999) / 1000 : 0; }

signals:
    void cleared();

private:
    QTimer m_timer;
    QByteArray m_hash; ///< of what was put there; the secret itself is not kept a second time
};

} // namespace Ui
