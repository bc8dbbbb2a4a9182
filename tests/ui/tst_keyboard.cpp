#include "azure/scope.h"
#include "core/atomicfile.h"
#include "services/lifecycleparts.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/handover/inspectdialog.h"
#include "ui/lifecycle/registerdialog.h"
#include "ui/lifecycle/restoredialog.h"
#include "ui/lifecycle/retiredialog.h"
#include "ui/lifecycle/rotatedialog.h"
#include "ui/mainwindow.h"
#include "ui/principals/claimtable.h"
#include "ui/principals/credentialdialog.h"
#include "ui/roles/assigndialog.h"
#include "ui/roles/operatordialog.h"
#include "ui/widgets/secretclipboard.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

/// The keyboard reaches every control of each page and dialog, none keeps it, and a screen reader
/// has a name for each.
class KeyboardTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void reachesEveryControl_data();
    void reachesEveryControl();

private:
    std::unique_ptr<QWidget> make(const QString &what);
    std::unique_ptr<QWidget> page(int tab, const QString &inner = {}, int innerTab = 0);

    QTemporaryDir m_folder;
    QTemporaryDir m_empty;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<Services::SandboxSession> m_sandbox;
    std::unique_ptr<Ui::SecretClipboard> m_clipboard;
    Identity::ServicePrincipal m_principal;
};

namespace {

bool isPartOfAnother(const QWidget &widget)
{
    if (widget.focusProxy() || widget.objectName().startsWith(u"qt_"))
        return true;
    const QWidget *parent = widget.parentWidget();
    return parent && (parent->inherits("QComboBox") || parent->inherits("QAbstractSpinBox") ||
                      parent->inherits("QLineEdit") || parent->inherits("QTabBar") ||
                      parent->inherits("QCalendarWidget"));
}

QList<QWidget *> controls(const QWidget &window)
{
    QList<QWidget *> all;
    for (QWidget *one : window.findChildren<QWidget *>()) {
        if (one->window() == &window && one->isVisible() && one->isEnabled() &&
            (one->focusPolicy() & Qt::TabFocus) && !isPartOfAnother(*one))
            all.append(one);
    }
    return all;
}

bool isNamed(const QWidget &widget)
{
    if (!widget.accessibleName().trimmed().isEmpty() || qobject_cast<const QTabBar *>(&widget))
        return true; // a tab is read by its own name
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        return !button->text().trimmed().isEmpty();
    const auto labels = widget.window()->findChildren<QLabel *>();
    return std::any_of(labels.cbegin(), labels.cend(), [&](const QLabel *label) {
        return label->buddy() == &widget && !label->text().isEmpty();
    });
}

QString description(const QWidget &widget)
{
    QStringList parts;
    for (const QWidget *one = &widget; one && parts.size() < 4; one = one->parentWidget())
        parts.append(QString::fromLatin1(one->metaObject()->className()) + u" “"_s +
                     one->objectName() + u'”');
    return parts.join(u" in "_s);
}

// The control that has the focus: not its inner field.
QWidget *current()
{
    QWidget *widget = QApplication::focusWidget();
    while (widget && isPartOfAnother(*widget) && widget->parentWidget())
        widget = widget->parentWidget();
    return widget;
}

} // namespace

void KeyboardTest::initTestCase()
{
    const QByteArray index =
        R"({"version":1,"id":"i","principals":[{"id":"1","name":"orders","environment":"test",
            "tenant":"contoso.com","clientId":"00001111-aaaa-2222-bbbb-3333cccc4444",
            "cloud":"AzurePublic","accounts":["https://acct.blob.core.windows.net"],
            "credentialExpiresAt":"2020-01-01T00:00:00Z"}]})";
    QVERIFY(Core::writeFileAtomically(m_folder.filePath(u"principals.json"_s), index));
    QVERIFY(Core::writeFileAtomically(m_folder.filePath(u"their.env"_s),
                                      "AZURE_TENANT_ID=00001111-aaaa-2222-bbbb-3333cccc4444\n"
                                      "AZURE_CLIENT_ID=55556666-dddd-7777-eeee-8888ffff9999\n"
                                      "AZURE_CLIENT_SECRET=p~Q8x\n"));
    m_services = std::make_unique<Services::Services>(m_folder.path());
    m_sandbox = std::make_unique<Services::SandboxSession>(*m_services);
    m_clipboard = std::make_unique<Ui::SecretClipboard>();
    m_principal = *m_services->vault.find(u"orders"_s);
}

std::unique_ptr<QWidget> KeyboardTest::page(int tab, const QString &inner, int innerTab)
{
    auto window = std::make_unique<Ui::MainWindow>(*m_services, *m_sandbox);
    window->findChild<QTabWidget *>(u"tabs"_s)->setCurrentIndex(tab);
    if (!inner.isEmpty())
        window->findChild<QTabWidget *>(inner)->setCurrentIndex(innerTab);
    return window;
}

std::unique_ptr<QWidget> KeyboardTest::make(const QString &what)
{
    const QString cloud = u"AzurePublic"_s, tenant = u"contoso.com"_s;
    if (what == u"welcome") {
        static Services::Services empty(m_empty.path());
        static Services::SandboxSession sandbox(empty);
        return std::make_unique<Ui::MainWindow>(empty, sandbox);
    }
    const QStringList pages{u"access"_s, u"storage"_s, u"handover"_s, u"roles"_s, u"activity"_s};
    if (const auto tab = pages.indexOf(what); tab >= 0)
        return page(int(tab));
    if (what == u"code")
        return page(2, u"handoverTabs"_s, 1);
    if (what == u"exec")
        return page(2, u"handoverTabs"_s, 2);
    if (what == u"find a role")
        return page(3, u"rolesSide"_s, 1);
    if (what == u"isolation" || what == u"expiry" || what == u"removal") {
        auto window = page(0);
        const QString button = what == u"removal" ? u"removePrincipalButton"_s : what + u"Button"_s;
        window->findChild<QAbstractButton *>(button)->click();
        return window;
    }
    if (what.startsWith(u"credential")) {
        auto dialog = std::make_unique<Ui::CredentialDialog>(*m_services);
        dialog->findChild<QComboBox *>(u"credentialKind"_s)
            ->setCurrentIndex(what.sliced(10).toInt());
        return dialog;
    }
    if (what == u"claims") {
        auto window = std::make_unique<QWidget>();
        auto *layout = new QVBoxLayout(window.get());
        layout->addWidget(new QPushButton(u"before"_s, window.get()));
        auto *table = new Ui::ClaimTable(window.get());
        layout->addWidget(table);
        Identity::TokenClaims claims;
        claims.all = {{u"aud"_s, u"https://storage.azure.com"_s}, {u"tid"_s, u"t"_s}};
        table->setClaims(claims);
        return window;
    }
    if (what == u"register")
        return std::make_unique<Ui::RegisterDialog>(*m_services, cloud, tenant);
    if (what == u"rotate")
        return std::make_unique<Ui::RotateDialog>(*m_services, m_principal);
    if (what == u"retire")
        return std::make_unique<Ui::RetireDialog>(*m_services, m_principal);
    if (what == u"restore")
        return std::make_unique<Ui::RestoreDialog>(*m_services);
    if (what == u"operator")
        return std::make_unique<Ui::OperatorDialog>(*m_services, cloud, tenant);
    if (what == u"assign")
        return std::make_unique<Ui::AssignDialog>(
            Services::lifecycleParts(*m_services, cloud, tenant), Identity::Cloud::azurePublic(),
            u"o"_s, *Azure::Scope::parse(u"/subscriptions/00001111-aaaa-2222-bbbb-3333cccc4444"_s),
            nullptr);
    auto dialog = std::make_unique<Ui::InspectDialog>(*m_services, *m_clipboard);
    dialog->openFile(m_folder.filePath(u"their.env"_s));
    return dialog;
}

void KeyboardTest::reachesEveryControl_data()
{
    QTest::addColumn<int>("atLeast"); // a page that shows nothing must not pass
    const auto add = [](const char *what, int atLeast) { QTest::addRow("%s", what) << atLeast; };
    add("welcome", 5);
    for (const char *what : {"access", "storage", "handover", "code", "exec", "roles",
                             "find a role", "activity", "removal"})
        add(what, 10);
    for (const char *what : {"isolation", "expiry"})
        add(what, 7);
    for (const char *what : {"credential0", "credential1", "credential2", "credential3"})
        add(what, 8);
    add("claims", 2);
    add("register", 8);
    add("rotate", 4);
    add("retire", 3);
    add("restore", 1);
    add("operator", 3);
    add("assign", 6);
    add("inspect", 8);
}

void KeyboardTest::reachesEveryControl()
{
    QFETCH(int, atLeast);
    const auto window = make(QString::fromLatin1(QTest::currentDataTag()));
    window->resize(1280, 900);
    window->show();
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTest::qWait(150); // for what is read in the background
    const QList<QWidget *> all = controls(*window);
    QVERIFY2(all.size() >= atLeast, qPrintable(QString::number(all.size())));
    QStringList nameless;
    for (const QWidget *one : all) {
        if (!isNamed(*one))
            nameless.append(description(*one));
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(u"without a name:\n"_s + nameless.join(u'\n')));

    QSet<QWidget *> reached;
    all.first()->setFocus();
    QWidget *before = nullptr;
    for (qsizetype presses = 0; presses < 2 * all.size() + 10; ++presses) {
        QWidget *now = current();
        QVERIFY2(now, "Tab leads nowhere");
        QVERIFY2(now != before, qPrintable(u"Tab stays in "_s + description(*now)));
        reached.insert(now);
        before = now;
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QStringList left;
    for (QWidget *one : controls(*window)) {
        if (!reached.contains(one))
            left.append(description(*one));
    }
    QVERIFY2(left.isEmpty(), qPrintable(u"Tab does not reach:\n"_s + left.join(u'\n')));
}

QTEST_MAIN(KeyboardTest)
#include "tst_keyboard.moc"
