#include "ui/secretlock.h"

#include "services/services.h"
#include "ui/widgets/secretclipboard.h"

#include <QApplication>
#include <QCheckBox>
#include <QEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>

namespace Ui {

using namespace Qt::StringLiterals;

SecretLock::SecretLock(Services::Services &services, SecretClipboard &clipboard, const QSettings &settings, QObject *parent)
    : QObject(parent), m_services(services), m_clipboard(clipboard), m_idle(services.clock)
{
    constexpr int usual = 10, most = 24 * 60;
    m_idle.setIdleTime(std::chrono::minutes(std::clamp(settings.value(u"lockAfterMinutes"_s, usual).toInt(), 0, most)));
    m_idle.watch(QDBusConnection::sessionBus(), QDBusConnection::systemBus());
    connect(&m_idle, &Services::IdleLock::locked, this, &SecretLock::drop);
    qApp->installEventFilter(this);
}

bool SecretLock::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
        if (event->spontaneous()) // a person's, and not made by a program or the machine itself
            m_idle.touch();
        break;
    default: break;
    }
    return QObject::eventFilter(watched, event);
}

void SecretLock::drop()
{
    m_services.dropSecrets();
    m_clipboard.clear();
    static const QStringList reveals{u"revealSecret"_s, u"revealValues"_s};
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows) {
        const auto boxes = window->findChildren<QCheckBox *>();
        for (QCheckBox *box : boxes) {
            if (reveals.contains(box->objectName()))
                box->setChecked(false);
        }
        const auto fields = window->findChildren<QLineEdit *>();
        for (QLineEdit *field : fields) {
            if (field->echoMode() == QLineEdit::Password)
                field->clear();
        }
        if (auto *paste = window->findChild<QPlainTextEdit *>(u"pasteField"_s))
            paste->clear();
    }
}

} // namespace Ui
