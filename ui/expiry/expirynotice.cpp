#include "ui/expiry/expirynotice.h"

#include "core/clock.h"
#include "ui/models/expirymodel.h"

#include <QApplication>
#include <QSystemTrayIcon>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::Expiry;
using Identity::ServicePrincipal;

ExpiryNotice::ExpiryNotice(const Core::Clock &clock, QWidget *parent)
    : NoticeStrip(tr("Show"), tr("Show when credentials end"),
                  tr("Hide the notice of ending credentials"), parent)
    , m_clock(clock)
{
    setObjectNames(u"expiry"_s);
    m_hourly.setInterval(std::chrono::hours(1));
    connect(&m_hourly, &QTimer::timeout, this, &ExpiryNotice::look);
    m_hourly.start();
}

ExpiryNotice::~ExpiryNotice() = default;

QString ExpiryNotice::inWords(const QList<Expiry> &pressing)
{
    if (pressing.isEmpty())
        return {};
    const auto expired = std::count_if(pressing.cbegin(), pressing.cend(), [](const Expiry &one) {
        return one.state == Expiry::State::Expired;
    });
    QStringList names;
    for (const Expiry &one : pressing.first(std::min<qsizetype>(pressing.size(), 3)))
        names.append(one.principal.name);
    if (pressing.size() > names.size())
        names.append(tr("%1 more").arg(pressing.size() - names.size()));
    const QString who = names.join(u", "_s);
    if (expired == pressing.size())
        return tr("Ended: the credential of %1.").arg(who);
    return expired == 0 ? tr("Within 30 days ends the credential of %1.").arg(who)
                        : tr("Ended, or ends within 30 days: the credential of %1.").arg(who);
}

void ExpiryNotice::setPrincipals(const QList<ServicePrincipal> &principals)
{
    m_principals = principals;
    look();
}

void ExpiryNotice::look()
{
    const QList<Expiry> pressing =
        Identity::expiring(m_principals, m_clock.now(), ExpiryModel::soon);
    QSet<QString> ids;
    for (const Expiry &one : pressing)
        ids.insert(one.principal.id);
    const QString words = inWords(pressing);
    const QDate today = m_clock.now().toLocalTime().date();
    const bool news = today != m_toldOn || !(ids - m_told).isEmpty();
    say(words, news);
    if (words.isEmpty())
        m_tray.reset();
    else if (news)
        tellTray(words);
    m_told = ids;
    m_toldOn = today;
}

// Without a tray the strip in the window has to do.
void ExpiryNotice::tellTray(const QString &words)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    if (!m_tray) {
        m_tray = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
        connect(m_tray.get(), &QSystemTrayIcon::messageClicked, this, &ExpiryNotice::openRequested);
        connect(m_tray.get(), &QSystemTrayIcon::activated, this, &ExpiryNotice::openRequested);
        m_tray->show();
    }
    m_tray->setToolTip(words.toHtmlEscaped());
    if (QSystemTrayIcon::supportsMessages())
        m_tray->showMessage(u"Rolescope"_s, words, QSystemTrayIcon::Warning);
}

} // namespace Ui
