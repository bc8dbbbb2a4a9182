#include "core/atomicfile.h"
#include "identity/certificate.h"
#include "lifecycle/program.h"
#include "services/services.h"
#include "ui/lifecycle/restoredialog.h"
#include "ui/lifecycle/retiredialog.h"
#include "ui/lifecycle/rotatedialog.h"
#include "ui/principals/lifecyclemenu.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Test::Program;
using Test::World;

/// Rotation, retirement and restoration with the real flows, on a tenant that answers as Graph
/// does.
class LifecycleDialogsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void rotatesWithOverlap();
    void goesOnWhereItStopped();
    void takesARotationBack();
    void explainsAFailedRotation();
    void rotatesACertificate();
    void offersWhatThePrincipalHas();
    void retiresOnlyByName();
    void saysWhatIsLeft();
    void restores();
    void saysThatThereIsNothingToRestore();

private:
    template<typename T>
    static T *child(QWidget &dialog, const QString &name)
    {
        T *found = dialog.findChild<T *>(name);
        if (!found)
            qFatal("there is no %s", qPrintable(name));
        return found;
    }
    static bool shown(QWidget &dialog, const QString &name)
    {
        return child<QWidget>(dialog, name)->isVisible();
    }
    template<typename Dialog>
    std::unique_ptr<Dialog> open()
    {
        auto dialog = std::make_unique<Dialog>(*m_services, m_principal, nullptr, parts());
        static_cast<QWidget &>(*dialog).setVisible(true);
        return dialog;
    }
    Ui::PartsFor parts()
    {
        return [this](const QString &, const QString &) { return m_program->parts(); };
    }
    std::unique_ptr<Ui::RotateDialog> rotated();

    std::unique_ptr<World> m_world;
    std::unique_ptr<Program> m_program;
    std::unique_ptr<Services::Services> m_services;
    Identity::ServicePrincipal m_principal;
};

void LifecycleDialogsTest::init()
{
    m_world = std::make_unique<World>();
    m_world->clock.set(QDateTime::currentDateTimeUtc()); // the window's clock is the real one
    m_program = std::make_unique<Program>(*m_world);
    m_principal = m_program->add(u"orders"_s, u"old~secret"_s);
    m_services = std::make_unique<Services::Services>(m_world->folder.path());
}

void LifecycleDialogsTest::cleanup()
{
    m_services.reset();
    m_program.reset();
    m_world.reset();
}

// A rotation that waits for the old secret's end.
std::unique_ptr<Ui::RotateDialog> LifecycleDialogsTest::rotated()
{
    auto dialog = open<Ui::RotateDialog>();
    child<QSpinBox>(*dialog, u"rotateDays"_s)->setValue(30);
    child<QPushButton>(*dialog, u"rotateButton"_s)->click();
    (void)QTest::qWaitFor(
        [&] { return shown(*dialog, u"rotateNameField"_s) || shown(*dialog, u"errorMessage"_s); });
    return dialog;
}

void LifecycleDialogsTest::rotatesWithOverlap()
{
    const auto dialog = rotated();
    QVERIFY(shown(*dialog, u"rotateNameField"_s));
    const auto &passwords = m_world->directory.apps.constFirst().passwords;
    QCOMPARE(passwords.size(), 2);
    QCOMPARE(m_program->secretOf(m_principal), passwords.constLast().secret.toUtf8());
    QVERIFY(shown(*dialog, u"takeBackButton"_s));
    QVERIFY2(child<QLabel>(*dialog, u"rotationCommand"_s)->text().contains(u"az ad app credential"),
             "the commands are shown");
    auto *remove = child<QPushButton>(*dialog, u"removeOldButton"_s);
    auto *name = child<QLineEdit>(*dialog, u"rotateNameField"_s);
    QVERIFY(!remove->isEnabled());
    name->setText(u"Orders"_s);
    QVERIFY(!remove->isEnabled());
    name->setText(u"orders"_s);
    remove->click();
    auto *state = child<QLabel>(*dialog, u"rotationState"_s);
    QTRY_VERIFY(state->text().contains(u"the old one is removed"));
    QCOMPARE(m_world->directory.apps.constFirst().passwords.size(), 1);
    QVERIFY(!shown(*dialog, u"rotateButton"_s) && !shown(*dialog, u"takeBackButton"_s));
}

void LifecycleDialogsTest::goesOnWhereItStopped()
{
    rotated()->reject(); // waiting for the confirmation
    const auto dialog = open<Ui::RotateDialog>();
    QVERIFY(child<QLabel>(*dialog, u"rotationState"_s)->text().contains(u"under way"));
    QVERIFY2(!shown(*dialog, u"rotateDays"_s), "its lifetime is settled already");
    child<QPushButton>(*dialog, u"rotateButton"_s)->click();
    QTRY_VERIFY(shown(*dialog, u"rotateNameField"_s));
    QCOMPARE(m_world->directory.apps.constFirst().passwords.size(), 2);
}

void LifecycleDialogsTest::takesARotationBack()
{
    const auto dialog = rotated();
    child<QPushButton>(*dialog, u"takeBackButton"_s)->click();
    QTRY_VERIFY(child<QLabel>(*dialog, u"rotationState"_s)->text().contains(u"Taken back"));
    QCOMPARE(m_program->secretOf(m_principal), QByteArray("old~secret"));
    QCOMPARE(m_world->directory.apps.constFirst().passwords.size(), 1);
}

void LifecycleDialogsTest::explainsAFailedRotation()
{
    m_world->directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        return {one.url.path().endsWith(u"addPassword") ? 403 : 0,
                u"Authorization_RequestDenied"_s};
    };
    auto dialog = rotated();
    QVERIFY(shown(*dialog, u"errorMessage"_s));
    QVERIFY(shown(*dialog, u"rotateButton"_s));
    QCOMPARE(m_program->secretOf(m_principal), QByteArray("old~secret"));
    m_world->directory.refuse = {};
    child<QPushButton>(*dialog, u"rotateButton"_s)->click();
    QTRY_VERIFY(shown(*dialog, u"rotateNameField"_s));
}

void LifecycleDialogsTest::rotatesACertificate()
{
    const auto old =
        Identity::makeCertificate(u"batch"_s, 30, QDateTime::currentDateTimeUtc().addDays(-1));
    QVERIFY(old);
    const QString path = m_world->folder.filePath(u"batch.pem"_s);
    QVERIFY(Core::writeFileAtomically(path, old->pem.reveal()));
    ServicePrincipal batch;
    batch.name = u"batch"_s;
    batch.tenant = u"contoso.com"_s;
    batch.credential = ServicePrincipal::Credential::Certificate;
    batch.credentialFile = path;
    batch.credentialThumbprint = QString::fromLatin1(old->thumbprint);
    batch.clientId = m_world->directory.addCertifiedApp(u"batch"_s, old->der).appId;
    std::optional<ServicePrincipal> saved;
    m_program->vault.save(batch, old->pem, this,
                          [&](const Core::Result<ServicePrincipal> &kept) { saved = *kept; });
    QTRY_VERIFY(saved);
    m_principal = *saved;

    const auto dialog = open<Ui::RotateDialog>();
    // Not a word of a secret: there is none.
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        QVERIFY2(!label->text().contains(u"secret"), qPrintable(label->text()));
    QVERIFY(dialog->windowTitle().contains(u"certificate"));
    child<QSpinBox>(*dialog, u"rotateDays"_s)->setValue(30);
    child<QPushButton>(*dialog, u"rotateButton"_s)->click();
    QTRY_VERIFY2_WITH_TIMEOUT(shown(*dialog, u"rotateNameField"_s),
                              qPrintable(child<QLabel>(*dialog, u"errorMessage"_s)->text()),
                              20'000);
    const auto &keys = m_world->directory.app(batch.clientId)->keys;
    QCOMPARE(keys.size(), 2);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto written = Identity::readCertificate(file.readAll());
    QVERIFY(written && written->thumbprint != old->thumbprint);
    QVERIFY(child<QLabel>(*dialog, u"rotationRemarks"_s)->text().contains(path));
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        QVERIFY2(!label->text().contains(u"secret"), qPrintable(label->text()));
    child<QLineEdit>(*dialog, u"rotateNameField"_s)->setText(u"batch"_s);
    child<QPushButton>(*dialog, u"removeOldButton"_s)->click();
    auto *state = child<QLabel>(*dialog, u"rotationState"_s);
    QTRY_VERIFY2(state->text().contains(u"the new certificate is in use, the old one is removed"),
                 qPrintable(state->text()));
    QCOMPARE(m_world->directory.app(batch.clientId)->keys.size(), 1);
    QCOMPARE(m_world->directory.app(batch.clientId)->keys.first().der, written->der);
}

void LifecycleDialogsTest::offersWhatThePrincipalHas()
{
    Ui::LifecycleMenu menu(*m_services, nullptr);
    const auto offered = [&](ServicePrincipal::Credential kind) {
        ServicePrincipal principal = m_principal;
        principal.credential = kind;
        menu.setPrincipal(principal);
        QStringList texts;
        for (const QAction *action : menu.menu()->actions()) {
            if (action->isVisible())
                texts.append(QString(action->text()).remove(u'&'));
        }
        return texts.join(u'\n');
    };
    QVERIFY(offered(ServicePrincipal::Credential::Secret).contains(u"Rotate the secret"));
    QVERIFY(offered(ServicePrincipal::Credential::Certificate).contains(u"Rotate the certificate"));
    QVERIFY(!offered(ServicePrincipal::Credential::FederatedToken).contains(u"Rotate"));
}

void LifecycleDialogsTest::retiresOnlyByName()
{
    const auto dialog = open<Ui::RetireDialog>();
    QTRY_VERIFY(shown(*dialog, u"retireNameField"_s));
    auto *plan = child<QListWidget>(*dialog, u"retirePlan"_s);
    QVERIFY(plan->item(plan->count() - 1)->text().contains(u"keychain entry"));
    QCOMPARE(m_world->directory.livingApps(), 1);
    auto *button = child<QPushButton>(*dialog, u"retireButton"_s);
    QVERIFY(!button->isEnabled());
    child<QLineEdit>(*dialog, u"retireNameField"_s)->setText(u"order"_s);
    QVERIFY(!button->isEnabled());
    QSignalSpy retired(dialog.get(), &Ui::RetireDialog::retired);
    child<QLineEdit>(*dialog, u"retireNameField"_s)->setText(u"orders"_s);
    button->click();
    QTRY_COMPARE(retired.count(), 1);
    QCOMPARE(m_world->directory.livingApps(), 0);
    QVERIFY(!m_program->vault.find(u"orders"_s));
    QVERIFY(child<QLabel>(*dialog, u"retireIntro"_s)->text().contains(u"restored"));
}

void LifecycleDialogsTest::saysWhatIsLeft()
{
    const auto dialog = open<Ui::RetireDialog>();
    QTRY_VERIFY(shown(*dialog, u"retireNameField"_s));
    m_world->directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        return {one.verb == "DELETE" ? 403 : 0, u"Authorization_RequestDenied"_s};
    };
    child<QLineEdit>(*dialog, u"retireNameField"_s)->setText(u"orders"_s);
    child<QPushButton>(*dialog, u"retireButton"_s)->click();
    QTRY_VERIFY(shown(*dialog, u"errorMessage"_s));
    auto *plan = child<QListWidget>(*dialog, u"retirePlan"_s);
    QVERIFY(plan->count() >= 2);
    QVERIFY(m_program->vault.find(u"orders"_s));
    QVERIFY(!shown(*dialog, u"retireNameField"_s));
    m_world->directory.refuse = {};
    child<QPushButton>(*dialog, u"lookAgainButton"_s)->click();
    QTRY_VERIFY(shown(*dialog, u"retireNameField"_s));
}

void LifecycleDialogsTest::restores()
{
    {
        const auto dialog = open<Ui::RetireDialog>();
        QTRY_VERIFY(shown(*dialog, u"retireNameField"_s));
        child<QLineEdit>(*dialog, u"retireNameField"_s)->setText(u"orders"_s);
        child<QPushButton>(*dialog, u"retireButton"_s)->click();
        QTRY_COMPARE(m_world->directory.livingApps(), 0);
        QTRY_VERIFY(!m_program->vault.find(u"orders"_s));
    }
    Ui::RestoreDialog dialog(*m_services, nullptr, parts());
    dialog.setVisible(true);
    QCOMPARE(child<QListWidget>(dialog, u"retiredList"_s)->count(), 1);
    QSignalSpy restored(&dialog, &Ui::RestoreDialog::restored);
    child<QPushButton>(dialog, u"restoreButton"_s)->click();
    QTRY_COMPARE(restored.count(), 1);
    QCOMPARE(m_world->directory.livingApps(), 1);
    QVERIFY(m_program->vault.find(u"orders"_s));
}

void LifecycleDialogsTest::saysThatThereIsNothingToRestore()
{
    Ui::RestoreDialog dialog(*m_services, nullptr, parts());
    dialog.setVisible(true);
    QVERIFY(!child<QPushButton>(dialog, u"restoreButton"_s)->isEnabled());
    QVERIFY(child<QLabel>(dialog, u"restoreIntro"_s)->text().contains(u"30 days"));
}

QTEST_MAIN(LifecycleDialogsTest)
#include "tst_lifecycledialogs.moc"
