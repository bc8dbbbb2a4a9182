#include "core/atomicfile.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "support/tlsserver.h"
#include "ui/mainwindow.h"
#include "ui/secretlock.h"
#include "ui/widgets/secretclipboard.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QFile>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Test::TlsServer;

/// What the window still has of a secret once the session is locked: real widgets, keychain and session bus, a server of tokens, and
/// this process's own memory as the kernel shows it.
class LockTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void findsASecretWhereItIsKept();
    void dropsAllWhenTheScreenIsLocked_data();
    void dropsAllWhenTheScreenIsLocked();
    void staysAsItIsWhenTheScreenIsUnlocked();
    void clearsWhatWasTypedInSecret();

private:
    QString facts() const { return in<QLabel>("tokenFacts")->text() + in<QLabel>("tokenFacts")->toolTip(); }
    QString text() const { return in<QPlainTextEdit>("handoverText")->toPlainText(); }
    template<typename T>
    T *in(const char *name) const
    {
        return m_window->findChild<T *>(QString::fromLatin1(name));
    }
    void showAll();
    static void say(const QString &path, const QString &interface, const QString &member, const QVariantList &arguments,
                    const QString &as = {});

    QTemporaryDir m_folder;
    std::unique_ptr<Test::Authority> m_authority;
    std::unique_ptr<Test::Identity> m_identity;
    std::unique_ptr<TlsServer> m_server;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<Services::SandboxSession> m_sandbox;
    std::unique_ptr<Ui::MainWindow> m_window;
};

namespace {

// Made of pieces at each use, so that no copy of this test's own stands in its memory.
QByteArray marker(char kind)
{
    QByteArray made;
    for (int i = 0; i < 36; ++i)
        made.append(static_cast<char>('A' + (i * 7 + kind) % 26));
    return made;
}

struct Hits {
    int kept = 0;   ///< in pages that are locked and left out of core dumps: those of Core::Secret
    int others = 0; ///< anywhere else
    int locked = 0; ///< VmLck, in KiB
};

// Both encodings, in all writable memory of this process.
Hits search(char kind)
{
    QByteArray plain = marker(kind);
    QByteArray wide(plain.size() * 2, '\0');
    for (qsizetype i = 0; i < plain.size(); ++i)
        wide[2 * i] = plain[i];
    Hits hits;
    QFile status(u"/proc/self/status"_s), maps(u"/proc/self/smaps"_s), memory(u"/proc/self/mem"_s);
    if (!status.open(QIODevice::ReadOnly) || !maps.open(QIODevice::ReadOnly) || !memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        qFatal("the kernel does not show this process's memory");
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmLck:"))
            hits.locked = line.mid(6).trimmed().split(' ').first().toInt();
    }
    qulonglong from = 0, to = 0;
    bool writable = false;
    for (const QByteArray &line : maps.readAll().split('\n')) {
        const QByteArray first = line.split(' ').first();
        if (const qsizetype dash = first.indexOf('-'); dash > 0 && !line.startsWith("VmFlags")) {
            from = first.first(dash).toULongLong(nullptr, 16);
            to = first.mid(dash + 1).toULongLong(nullptr, 16);
            writable = line.contains("rw-p") && !line.contains("[v");
        } else if (line.startsWith("VmFlags:") && writable && to - from < (512ULL << 20)) {
            QByteArray bytes(static_cast<qsizetype>(to - from), Qt::Uninitialized);
            if (!memory.seek(static_cast<qint64>(from)) || memory.read(bytes.data(), bytes.size()) != bytes.size())
                continue;
            const int found = static_cast<int>(bytes.count(plain) + bytes.count(wide));
            (line.contains(" lo") && line.contains(" dd") ? hits.kept : hits.others) += found;
            bytes.fill('\0');
        }
    }
    plain.fill('\0');
    wide.fill('\0');
    return hits;
}

constexpr char secretKind = 3, tokenKind = 11;

} // namespace

void LockTest::initTestCase()
{
    m_authority = std::make_unique<Test::Authority>();
    m_identity = std::make_unique<Test::Identity>(m_authority->issue("localhost"));
    m_server = std::make_unique<TlsServer>(
        [](const auto &) {
            return TlsServer::response(200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"" + marker(tokenKind) + "\"}");
        },
        m_identity.get());
    const QString cloud = m_folder.filePath(u"cloud.json"_s);
    QUrl url = m_server->url();
    url.setPath({});
    QVERIFY(Core::writeFileAtomically(cloud, QJsonDocument(QJsonObject{{u"name"_s, u"here"_s},
                                                                       {u"authorityHost"_s, url.toString()},
                                                                       {u"caCertificates"_s, QString::fromLatin1(m_authority->certificate().toPem())}})
                                                 .toJson()));
    m_services = std::make_unique<Services::Services>(m_folder.filePath(u"config"_s));
    QObject context;
    std::optional<Core::Result<ServicePrincipal>> saved;
    ServicePrincipal principal;
    principal.name = u"orders"_s;
    principal.tenant = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    principal.clientId = u"55556666-dddd-7777-eeee-8888ffff9999"_s;
    principal.cloud = cloud;
    m_services->vault.save(principal, Core::Secret::take(marker(secretKind)), &context, [&](const auto &result) { saved = result; });
    QTRY_VERIFY(saved);
    QVERIFY2(*saved, qPrintable(*saved ? QString() : saved->error().message));
}

void LockTest::init()
{
    m_window.reset();
    m_sandbox = std::make_unique<Services::SandboxSession>(*m_services);
    m_window = std::make_unique<Ui::MainWindow>(*m_services, *m_sandbox);
    m_window->show();
    auto *tree = in<QTreeView>("principalTree");
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    QVERIFY(in<QPushButton>("getTokenButton")->isVisible());
}

/// The secret on the screen and on the clipboard, a token at hand.
void LockTest::showAll()
{
    in<QTabWidget>("tabs")->setCurrentIndex(2);
    in<QPushButton>("getTokenButton")->click();
    in<QCheckBox>("revealSecret")->setChecked(true);
    QTRY_VERIFY(text().contains(QString::fromLatin1(marker(secretKind))));
    QTRY_VERIFY(facts().contains(u"token valid"));
    in<QPushButton>("copyHandoverButton")->click();
    QTRY_VERIFY(!QGuiApplication::clipboard()->text().isEmpty());
}

void LockTest::say(const QString &path, const QString &interface, const QString &member, const QVariantList &arguments, const QString &as)
{
    QDBusConnection other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"desktop"_s); // somebody else on the same bus
    QVERIFY(as.isEmpty() || other.registerService(as));
    QDBusMessage signal = QDBusMessage::createSignal(path, interface, member);
    signal.setArguments(arguments);
    QVERIFY(other.send(signal));
}

void LockTest::findsASecretWhereItIsKept()
{
    // That nothing is found below means something only if it would be.
    const Hits before = search('c');
    {
        const Core::Secret held(marker('c'));
        const Hits hits = search('c');
        QCOMPARE(hits.kept, before.kept + 1);
        QVERIFY2(hits.locked > 0, "RLIMIT_MEMLOCK lets nothing be locked here");
    }
    QCOMPARE(search('c').kept, before.kept);
    QByteArray loose = marker('d');
    QVERIFY(search('d').others > 0);
    loose.fill('\0');
}

void LockTest::dropsAllWhenTheScreenIsLocked_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("interface");
    QTest::addColumn<QString>("member");
    QTest::newRow("freedesktop") << u"/org/freedesktop/ScreenSaver"_s << u"org.freedesktop.ScreenSaver"_s << u"ActiveChanged"_s;
    QTest::newRow("MATE") << u"/org/mate/ScreenSaver"_s << u"org.mate.ScreenSaver"_s << u"ActiveChanged"_s;
    QTest::newRow("GNOME") << u"/org/gnome/ScreenSaver"_s << u"org.gnome.ScreenSaver"_s << u"ActiveChanged"_s;
    QTest::newRow("before the machine sleeps") << u"/org/freedesktop/login1"_s << u"org.freedesktop.login1.Manager"_s << u"PrepareForSleep"_s;
}

void LockTest::dropsAllWhenTheScreenIsLocked()
{
    QFETCH(QString, path);
    QFETCH(QString, interface);
    QFETCH(QString, member);
    // In this test the session's bus is the system's as well; the name is the one that logind has there.
    const QString logind = u"org.freedesktop.login1"_s;
    showAll();
    const qsizetype asked = m_server->received.size();
    const bool looks = interface == u"org.freedesktop.ScreenSaver"; // into memory, which takes a while
    if (looks)
        QVERIFY(search(tokenKind).kept > 0); // the token at hand

    say(path, interface, member, {true}, interface.startsWith(logind) ? logind : QString());
    QTRY_VERIFY(!in<QCheckBox>("revealSecret")->isChecked());
    QTRY_VERIFY(text().contains(u"********"));
    QVERIFY(!text().contains(QString::fromLatin1(marker(secretKind))));
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    QVERIFY2(facts().contains(u"no token yet"), qPrintable(facts()));
    if (looks) {
        QTRY_COMPARE(search(secretKind).kept, 0);
        QTRY_COMPARE(search(tokenKind).kept, 0);
        qInfo("elsewhere in memory: the secret %d times, the token %d times", search(secretKind).others, search(tokenKind).others);
    }

    // What comes next asks the keychain and the authority again.
    in<QPushButton>("getTokenButton")->click();
    QTRY_VERIFY(facts().contains(u"token valid"));
    QCOMPARE(m_server->received.size(), asked + 1);
    QVERIFY(m_server->received.last().body.contains(marker(secretKind)));
}

void LockTest::staysAsItIsWhenTheScreenIsUnlocked()
{
    showAll();
    say(u"/org/freedesktop/ScreenSaver"_s, u"org.freedesktop.ScreenSaver"_s, u"ActiveChanged"_s, {false});
    QTest::qWait(300);
    QVERIFY(in<QCheckBox>("revealSecret")->isChecked());
    QVERIFY(facts().contains(u"token valid"));
}

void LockTest::clearsWhatWasTypedInSecret()
{
    in<QAbstractButton>("editPrincipalButton")->click();
    auto *dialog = m_window->findChild<QWidget *>(u"credentialDialog"_s);
    QVERIFY(dialog);
    auto *field = dialog->findChild<QLineEdit *>(u"secretField"_s);
    field->setText(u"typed~but~not~yet~kept"_s);
    auto *lock = m_window->findChild<Ui::SecretLock *>();
    emit lock->idle().locked();
    QVERIFY(field->text().isEmpty());
}

QTEST_MAIN(LockTest)
#include "tst_lock.moc"
