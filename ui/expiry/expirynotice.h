#pragma once

#include "identity/expiry.h"
#include "ui/widgets/noticestrip.h"

#include <QSet>
#include <QTimer>
#include <memory>

class QSystemTrayIcon;

namespace Core {
class Clock;
}

namespace Ui {

/// Says that credentials have ended or soon do: in a strip of the window, and in the desktop's tray
/// where there is one, once a day and again when one more is concerned.
class ExpiryNotice final : public NoticeStrip
{
    Q_OBJECT
public:
    explicit ExpiryNotice(const Core::Clock &clock, QWidget *parent = nullptr);
    ~ExpiryNotice() override;

    void setPrincipals(const QList<Identity::ServicePrincipal> &principals);
    /// What is said of \a pressing; empty for none of them.
    static QString inWords(const QList<Identity::Expiry> &pressing);

private:
    void look();
    void tellTray(const QString &words);

    const Core::Clock &m_clock;
    QList<Identity::ServicePrincipal> m_principals;
    QTimer m_hourly;
    QSet<QString> m_told; ///< ids that the last notice was about
    QDate m_toldOn;
    std::unique_ptr<QSystemTrayIcon> m_tray; ///< only while there is something to say
};

} // namespace Ui
