#include "application.h"
#include "core/hardening.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QIcon>
#include <QNetworkProxyFactory>
#include <QSocketNotifier>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

int signalPipe[2];

void signalled(int number)
{
    const char byte = static_cast<char>(number);
    (void)!::write(signalPipe[0], &byte, 1);
}

// SIGTERM and Ctrl-C close the window as a click would, so that the clipboard is cleared and the sandbox ends.
void watchSignals(QApplication &app)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[1], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, [] { QApplication::closeAllWindows(); });
    std::signal(SIGINT, signalled);
    std::signal(SIGTERM, signalled);
}

// Qt 6.4 does not follow the desktop's choice by itself; the settings portal tells it (1 is "prefer dark").
Ui::ColorScheme colorScheme(const QString &wanted)
{
    if (!wanted.isEmpty())
        return wanted == u"dark" ? Ui::ColorScheme::Dark : Ui::ColorScheme::Light;
    QDBusMessage call = QDBusMessage::createMethodCall(u"org.freedesktop.portal.Desktop"_s, u"/org/freedesktop/portal/desktop"_s,
                                                       u"org.freedesktop.portal.Settings"_s, u"Read"_s);
    call << u"org.freedesktop.appearance"_s << u"color-scheme"_s;
    const QDBusMessage reply = QDBusConnection::sessionBus().call(call, QDBus::Block, 300);
    if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
        return Ui::ColorScheme::Light;
    QVariant value = reply.arguments().constFirst();
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt() == 1 ? Ui::ColorScheme::Dark : Ui::ColorScheme::Light;
}

} // namespace

int main(int argc, char **argv)
{
    Core::hardenProcess();
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"rolescope"_s);
    QApplication::setApplicationVersion(QStringLiteral(ROLESCOPE_VERSION));
    QApplication::setWindowIcon(QIcon(u":/icons/rolescope.svg"_s));
    QNetworkProxyFactory::setUseSystemConfiguration(true);

    QCommandLineParser parser;
    parser.setApplicationDescription(u"Manage Azure service principals, and prove what each of them can and cannot do."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption sandbox(u"sandbox"_s, u"Practise in the sandbox: start it and select one of its principals."_s);
    const QCommandLineOption scheme(u"color-scheme"_s, u"light or dark; else as the desktop asks for."_s, u"scheme"_s);
    parser.addOptions({sandbox, scheme});
    parser.process(app);

    Ui::applyTheme(app, colorScheme(parser.value(scheme)));
    watchSignals(app);
    Application application(Vault::PrincipalVault::defaultFolder());
    application.start(parser.isSet(sandbox));
    return QApplication::exec();
}
