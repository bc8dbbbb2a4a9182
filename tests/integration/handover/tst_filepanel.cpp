#include "identity/certificate.h"
#include "services/services.h"
#include "ui/handover/filepanel.h"
#include "ui/widgets/secretclipboard.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Ui;
using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

/// The environment file of the Hand-over page: real widgets, a real keychain, real readers.
class FilePanelTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void masksTheSecretUntilAsked();
    void saysWhatIsRefusedAndWhatInstead();
    void savesForAShellAndRemembersIt();
    void savesAFolder();
    void copiesMarkedAndForHalfAMinute();
    void verifiesWithTheProgramsHere();
    void pinsTheCredential();
    void keepsThePinOfAFileThatIsWrittenAgain();
    void writesACertificateBeforeItIsNamed();
    void locksTheKeyOfACertificate();
    void handsOverAFederatedTokensFile();

private:
    ServicePrincipal kept(ServicePrincipal principal, std::optional<Core::Secret> secret);
    void choose(const QString &format);
    QString text() const { return in<QPlainTextEdit>("handoverText")->toPlainText(); }
    QString error() const
    {
        const auto *panel = in<QWidget>("errorPanel");
        return panel->isVisible() ? panel->accessibleName() : QString();
    }
    template<typename T>
    T *in(const char *name) const
    {
        return m_panel->findChild<T *>(QString::fromLatin1(name));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<SecretClipboard> m_clipboard;
    std::unique_ptr<FilePanel> m_panel;
    ServicePrincipal m_principal;
};

namespace {
const QString secret = u"q~'$HOME #\"x"_s;
}

void FilePanelTest::initTestCase()
{
    m_services = std::make_unique<Services::Services>(m_folder.filePath(u"config"_s));
    m_principal = kept({.name = u"orders"_s}, Core::Secret(secret.toUtf8()));
    QVERIFY(!m_principal.id.isEmpty());
}

ServicePrincipal FilePanelTest::kept(ServicePrincipal principal, std::optional<Core::Secret> value)
{
    principal.tenant = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    principal.clientId = u"55556666-dddd-7777-eeee-8888ffff9999"_s;
    QObject context;
    std::optional<Core::Result<ServicePrincipal>> outcome;
    m_services->vault.save(principal, std::move(value), &context,
                           [&](const Core::Result<ServicePrincipal> &saved) { outcome = saved; });
    [&] { QTRY_VERIFY(outcome); }();
    return outcome && *outcome ? **outcome : ServicePrincipal();
}

void FilePanelTest::init()
{
    m_panel.reset();
    m_clipboard = std::make_unique<SecretClipboard>();
    m_panel = std::make_unique<FilePanel>(*m_services, *m_clipboard);
    m_panel->setPrincipal(*m_services->vault.find(m_principal.id));
    m_panel->show();
    QTRY_VERIFY(!text().isEmpty());
}

void FilePanelTest::choose(const QString &format)
{
    auto *field = in<QComboBox>("formatField");
    field->setCurrentIndex(field->findData(format));
}

void FilePanelTest::masksTheSecretUntilAsked()
{
    choose(u"shell"_s);
    QTRY_VERIFY(text().contains(u"export AZURE_CLIENT_SECRET='********'"));
    QVERIFY(text().contains(m_principal.clientId));
    in<QCheckBox>("revealSecret")->setChecked(true);
    QTRY_VERIFY(text().contains(u"q~"));
    // Another principal is masked again.
    m_panel->setPrincipal(kept({.name = u"other"_s}, Core::Secret("s2~")));
    QVERIFY(!in<QCheckBox>("revealSecret")->isChecked());
    QTRY_VERIFY(text().contains(u"********"));
}

void FilePanelTest::saysWhatIsRefusedAndWhatInstead()
{
    const auto odd = kept({.name = u"odd"_s}, Core::Secret("two\nlines"));
    m_panel->setPrincipal(odd);
    choose(u"docker-env-file"_s);
    QTRY_VERIFY(error().contains(u"AZURE_CLIENT_SECRET"));
    QVERIFY2(error().count(u'\n') > 0 || error().size() > 60, qPrintable(error()));
    QVERIFY(text().isEmpty());
    for (const char *button : {"saveHandoverButton", "copyHandoverButton", "verifyButton"})
        QVERIFY2(!in<QAbstractButton>(button)->isEnabled(), button);
    const auto *field = in<QComboBox>("formatField");
    QVERIFY(field->currentText().contains(u"refused"));
    QVERIFY(!field->itemText(field->findData(u"shell"_s)).contains(u"refused"));
    choose(u"shell"_s);
    QTRY_VERIFY(!text().isEmpty() && error().isEmpty());
}

void FilePanelTest::savesForAShellAndRemembersIt()
{
    choose(u"shell"_s);
    const QString path = m_folder.filePath(u"orders.sh"_s);
    m_panel->saveTo(path);
    QTRY_VERIFY(in<QLabel>("handoverStatus")->text().contains(path));
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QProcess shell;
    shell.start(u"sh"_s, {u"-c"_s, u". \"$0\"; printf %s \"$AZURE_CLIENT_SECRET\""_s, path});
    QVERIFY(shell.waitForFinished(10'000));
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), secret);
    QVERIFY(in<QLabel>("handoverUsage")->text().contains(path));
    const auto exports = m_services->vault.find(m_principal.id)->exports;
    QCOMPARE(exports.size(), 1);
    QCOMPARE(exports.first().path, path);

    // The same again: nothing changes, and that is said before it is written.
    m_panel->saveTo(path);
    QTRY_VERIFY(in<QWidget>("savePanel")->isVisible());
    QVERIFY(in<QLabel>("saveWarnings")->text().contains(u"same variables"));
}

void FilePanelTest::savesAFolder()
{
    choose(u"envdir"_s);
    QTRY_VERIFY(text().contains(u"********"));
    QVERIFY(!in<QAbstractButton>("copyHandoverButton")->isEnabled());
    const QString path = m_folder.filePath(u"env"_s);
    m_panel->saveTo(path);
    QTRY_VERIFY(in<QLabel>("handoverStatus")->text().contains(path));
    QFile file(path + u"/AZURE_CLIENT_SECRET"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), secret + u'\n');
}

void FilePanelTest::copiesMarkedAndForHalfAMinute()
{
    choose(u"systemd-envfile"_s);
    QTRY_VERIFY(in<QAbstractButton>("copyHandoverButton")->isEnabled());
    in<QAbstractButton>("copyHandoverButton")->click();
    const QClipboard *clipboard = QGuiApplication::clipboard();
    QTRY_VERIFY(clipboard->text().contains(u"AZURE_CLIENT_SECRET=\"q~"));
    QCOMPARE(clipboard->mimeData()->data(u"x-kde-passwordManagerHint"_s), QByteArray("secret"));
    QVERIFY(m_clipboard->secondsLeft() > 25 && m_clipboard->secondsLeft() <= 30);
    m_clipboard->clear();
    QVERIFY(clipboard->text().isEmpty());
    QVERIFY(in<QLabel>("handoverStatus")->text().contains(u"cleared"));
}

void FilePanelTest::verifiesWithTheProgramsHere()
{
    choose(u"shell"_s);
    auto *button = in<QAbstractButton>("verifyButton");
    QTRY_VERIFY(button->isEnabled());
    button->click();
    QTRY_COMPARE(button->text(), u"Cancel"_s);
    QTRY_COMPARE_WITH_TIMEOUT(button->text(), u"Verify"_s, 60'000);
    const auto *list = in<QTreeWidget>("verifyList");
    const auto dash = list->findItems(u"dash"_s, Qt::MatchExactly);
    QCOMPARE(dash.size(), 1);
    QVERIFY2(dash.first()->text(1).startsWith(u"✔"), qPrintable(dash.first()->text(1)));
    QVERIFY(in<QLabel>("verifySummary")->text().startsWith(u"Read back exactly"));
    for (int row = 0; row < list->topLevelItemCount(); ++row)
        QVERIFY(!list->topLevelItem(row)->text(1).contains(u"q~"));
    // Another format has been read by nobody yet.
    choose(u"fish"_s);
    QCOMPARE(list->topLevelItemCount(), 0);
}

void FilePanelTest::pinsTheCredential()
{
    choose(u"shell"_s);
    in<QComboBox>("pinField")->setCurrentIndex(2);
    QTRY_VERIFY(text().contains(u"AZURE_TOKEN_CREDENTIALS='EnvironmentCredential'"));
    const QString path = m_folder.filePath(u"pinned.sh"_s);
    m_panel->saveTo(path);
    QTRY_VERIFY(QFile::exists(path) && in<QLabel>("handoverStatus")->text().contains(path));
    const auto exports = m_services->vault.find(m_principal.id)->exports;
    QVERIFY(std::any_of(exports.cbegin(), exports.cend(), [&](const Identity::Export &one) {
        return one.path == path && one.tokenCredentials == u"EnvironmentCredential";
    }));
}

void FilePanelTest::keepsThePinOfAFileThatIsWrittenAgain()
{
    const QString path = m_folder.filePath(u"again.sh"_s);
    const auto write = [&] {
        m_panel->saveTo(path);
        const auto *status = in<QLabel>("handoverStatus");
        if (QTest::qWaitFor([&] {
                return in<QWidget>("savePanel")->isVisible() || status->text().contains(path);
            }) &&
            in<QWidget>("savePanel")->isVisible())
            in<QAbstractButton>("saveAnywayButton")->click();
        return QTest::qWaitFor([&] { return status->text().contains(path); });
    };
    const auto pinned = [&] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) &&
               file.readAll().contains("AZURE_TOKEN_CREDENTIALS='EnvironmentCredential'");
    };
    const auto remembered = [&] {
        const auto exports = m_services->vault.find(m_principal.id)->exports;
        return exports.first().path == path ? exports.first().tokenCredentials : u"another"_s;
    };
    choose(u"shell"_s);
    in<QComboBox>("pinField")->setCurrentIndex(2);
    QVERIFY(write());
    QVERIFY(pinned());

    // The next day: the window knows of the pin by the index only.
    init();
    choose(u"shell"_s);
    QCOMPARE(in<QComboBox>("pinField")->currentIndex(), 0);
    QVERIFY(write());
    QVERIFY(pinned());
    QCOMPARE(remembered(), u"EnvironmentCredential"_s);
    QVERIFY(in<QLabel>("handoverStatus")
                ->text()
                .contains(u"AZURE_TOKEN_CREDENTIALS is EnvironmentCredential"));
    QCOMPARE(in<QComboBox>("pinField")->currentIndex(), 2);
    QVERIFY(text().contains(u"AZURE_TOKEN_CREDENTIALS"));

    // Taken away by hand, it goes.
    init();
    choose(u"shell"_s);
    in<QComboBox>("pinField")->setFocus();
    emit in<QComboBox>("pinField")->activated(0);
    QVERIFY(write());
    QVERIFY(!pinned());
    QCOMPARE(remembered(), QString());
}

void FilePanelTest::writesACertificateBeforeItIsNamed()
{
    const auto made = Identity::makeCertificate(u"batch"_s, 30, QDateTime::currentDateTimeUtc());
    QVERIFY(made);
    const auto batch = kept(
        {.name = u"batch"_s, .credential = ServicePrincipal::Credential::Certificate}, made->pem);
    QVERIFY(!batch.id.isEmpty());
    m_panel->setPrincipal(batch);
    QTRY_VERIFY(error().contains(u"Write the certificate"));
    QVERIFY(in<QAbstractButton>("saveCertificateButton")->isVisible());
    const QString path = m_folder.filePath(u"batch.pem"_s);
    m_panel->saveCertificateTo(path);
    QTRY_VERIFY(text().contains(u"AZURE_CLIENT_CERTIFICATE_PATH") && text().contains(path));
    QVERIFY(error().isEmpty() && !text().contains(u"AZURE_CLIENT_SECRET"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(Identity::readCertificate(file.readAll()));
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QCOMPARE(m_services->vault.find(batch.id)->credentialFile, path);
}

void FilePanelTest::locksTheKeyOfACertificate()
{
    const auto made = Identity::makeCertificate(u"locked"_s, 30, QDateTime::currentDateTimeUtc());
    QVERIFY(made);
    const auto locked = kept(
        {.name = u"locked"_s, .credential = ServicePrincipal::Credential::Certificate}, made->pem);
    QVERIFY(!locked.id.isEmpty());
    m_panel->setPrincipal(locked);
    choose(u"shell"_s);
    in<QCheckBox>("protectKey")->setChecked(true);
    const QString path = m_folder.filePath(u"locked.pem"_s);
    m_panel->saveCertificateTo(path);
    QTRY_VERIFY2(text().contains(u"AZURE_CLIENT_CERTIFICATE_PASSWORD='********'"),
                 qPrintable(text()));
    const QString variables = m_folder.filePath(u"locked.sh"_s);
    m_panel->saveTo(variables);
    QTRY_VERIFY(in<QLabel>("handoverStatus")->text().contains(variables));
    QProcess shell;
    shell.start(u"sh"_s, {u"-c"_s, u". \"$0\"; printf %s \"$AZURE_CLIENT_CERTIFICATE_PASSWORD\""_s,
                          variables});
    QVERIFY(shell.waitForFinished(10'000));
    const Core::Secret passphrase(shell.readAllStandardOutput());
    QVERIFY(passphrase.size() >= 32);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray pem = file.readAll();
    const auto read = Identity::readCertificate(pem, passphrase);
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QCOMPARE(read->thumbprint, made->thumbprint);
    const auto other = Identity::readCertificate(pem, Core::Secret("other"));
    QVERIFY(!other && other.error().code == u"WrongPassphrase");

    // The passphrase is kept nowhere: without it the variables would let nobody in.
    init();
    m_panel->setPrincipal(*m_services->vault.find(locked.id));
    QTRY_VERIFY2(error().contains(u"PassphraseNotKept"), qPrintable(error()));
    QVERIFY(!in<QAbstractButton>("saveHandoverButton")->isEnabled());
    m_panel->saveCertificateTo(path);
    QTRY_VERIFY(in<QWidget>("savePanel")->isVisible());
    in<QAbstractButton>("saveAnywayButton")->click();
    QTRY_VERIFY(error().isEmpty() && text().contains(u"AZURE_CLIENT_CERTIFICATE_PATH"));
    QVERIFY(!text().contains(u"AZURE_CLIENT_CERTIFICATE_PASSWORD"));
}

void FilePanelTest::handsOverAFederatedTokensFile()
{
    const auto pod = kept({.name = u"pod"_s,
                           .credential = ServicePrincipal::Credential::FederatedToken,
                           .credentialFile = u"/var/run/secrets/token"_s},
                          std::nullopt);
    QVERIFY(!pod.id.isEmpty());
    m_panel->setPrincipal(pod);
    choose(u"shell"_s);
    QTRY_VERIFY2(text().contains(u"AZURE_FEDERATED_TOKEN_FILE='/var/run/secrets/token'"),
                 qPrintable(error()));
    QVERIFY(!in<QAbstractButton>("saveCertificateButton")->isVisible());
}

QTEST_MAIN(FilePanelTest)
#include "tst_filepanel.moc"
