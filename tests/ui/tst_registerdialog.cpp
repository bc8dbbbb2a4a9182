#include "lifecycle/program.h"
#include "services/services.h"
#include "ui/lifecycle/registerdialog.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using Test::Program;
using Test::World;
using Ui::RegisterDialog;

/// The dialog with the real flow, on a tenant that answers as Graph does.
class RegisterDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void saysWhatIsMissing();
    void showsWhatAzWouldDo();
    void registersAndTellsWhom();
    void registersWithACertificate();
    void refusesANameOfAnotherEnvironment();
    void namesWhatIsLeft();
    void undoesWhatIsCancelled();

private:
    template<typename T>
    T *child(const QString &name)
    {
        T *found = m_dialog->findChild<T *>(name);
        if (!found)
            qFatal("there is no %s", qPrintable(name));
        return found;
    }
    void fillIn(const QString &name)
    {
        child<QLineEdit>(u"registerName"_s)->setText(name);
        child<QLineEdit>(u"registerTenant"_s)->setText(u"contoso.com"_s);
    }
    std::unique_ptr<World> m_world;
    std::unique_ptr<Program> m_program;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<RegisterDialog> m_dialog;
};

void RegisterDialogTest::init()
{
    m_world = std::make_unique<World>();
    m_program = std::make_unique<Program>(*m_world);
    const Services::OperatorsFile file(m_world->folder.path());
    QVERIFY(file.change([](Services::Operators &all) {
        Services::Operator one;
        one.id = u"1"_s;
        one.tenant = u"contoso.com"_s;
        one.username = u"<b>ada</b>"_s;
        all.signedIn = {one};
        return Core::Result<void>();
    }));
    m_services = std::make_unique<Services::Services>(m_world->folder.path());
    m_dialog = std::make_unique<RegisterDialog>(
        *m_services, QString(), QString(), nullptr,
        [this](const QString &, const QString &) { return m_program->parts(); });
    m_dialog->show();
}

void RegisterDialogTest::cleanup()
{
    m_dialog.reset();
    m_services.reset();
    m_program.reset();
    m_world.reset();
}

void RegisterDialogTest::saysWhatIsMissing()
{
    auto *button = child<QPushButton>(u"registerButton"_s);
    QVERIFY(!button->isEnabled());
    QCOMPARE(child<QLineEdit>(u"registerTenant"_s)->text(), u"contoso.com"_s);
    QCOMPARE(child<QLabel>(u"registerOperator"_s)->text(), u"<b>ada</b>"_s);
    QCOMPARE(child<QLabel>(u"registerOperator"_s)->textFormat(), Qt::PlainText);
    child<QLineEdit>(u"registerName"_s)->setText(u"orders"_s);
    QVERIFY(button->isEnabled());
    child<QLineEdit>(u"registerTenant"_s)->setText(u"fabrikam.com"_s);
    QVERIFY2(!button->isEnabled(), "nobody is signed in there");
    QVERIFY(child<QLabel>(u"registerRemark"_s)->isVisible());
    child<QLineEdit>(u"registerTenant"_s)->clear();
    QVERIFY(!button->isEnabled());
    child<QLineEdit>(u"registerName"_s)->setText(QString(121, u'n'));
    QVERIFY(child<QLabel>(u"registerRemark"_s)->text().contains(u"120"));
}

void RegisterDialogTest::showsWhatAzWouldDo()
{
    fillIn(u"it's"_s);
    auto *days = child<QSpinBox>(u"registerDays"_s);
    QCOMPARE(days->value(), 180);
    days->setValue(9999);
    QCOMPARE(days->value(), 730);
    const QString command = child<QPlainTextEdit>(u"registerCommand"_s)->toPlainText();
    QVERIFY2(command.contains(u"create-for-rbac --name 'it'\\''s'") &&
                 command.contains(u"+730 days"),
             qPrintable(command));
    child<QComboBox>(u"registerKind"_s)->setCurrentIndex(1);
    QVERIFY(child<QPlainTextEdit>(u"registerCommand"_s)->toPlainText().contains(u"--cert"));
}

void RegisterDialogTest::registersAndTellsWhom()
{
    fillIn(u"orders"_s);
    QSignalSpy registered(m_dialog.get(), &RegisterDialog::registered);
    child<QPushButton>(u"registerButton"_s)->click();
    QVERIFY(!child<QPushButton>(u"registerButton"_s)->isEnabled());
    QTRY_COMPARE(registered.count(), 1);
    const auto kept = m_program->vault.find(u"orders"_s);
    QVERIFY(kept);
    QCOMPARE(registered.first().first().toString(), kept->id);
    QCOMPARE(m_world->directory.livingApps(), 1);
    QVERIFY(!m_dialog->isVisible());
    const auto *steps = child<QListWidget>(u"steps"_s);
    QVERIFY(steps->count() >= 5);
    for (int row = 0; row < steps->count(); ++row)
        QVERIFY2(steps->item(row)->text().startsWith(u'✔'), qPrintable(steps->item(row)->text()));
}

void RegisterDialogTest::registersWithACertificate()
{
    fillIn(u"orders"_s);
    child<QComboBox>(u"registerKind"_s)->setCurrentIndex(1);
    child<QSpinBox>(u"registerDays"_s)->setValue(30);
    QSignalSpy registered(m_dialog.get(), &RegisterDialog::registered);
    child<QPushButton>(u"registerButton"_s)->click();
    QTRY_COMPARE(registered.count(), 1);
    const auto kept = m_program->vault.find(u"orders"_s);
    QVERIFY(kept);
    QCOMPARE(kept->credential, Identity::ServicePrincipal::Credential::Certificate);
    QVERIFY(m_program->secretOf(*kept).contains("PRIVATE KEY"));
}

void RegisterDialogTest::refusesANameOfAnotherEnvironment()
{
    Identity::ServicePrincipal other = m_program->add(u"orders"_s, u"s"_s);
    other.environment.name = u"test"_s;
    QVERIFY(m_program->vault.update(other));
    fillIn(u"ORDERS"_s);
    QVERIFY(!child<QPushButton>(u"registerButton"_s)->isEnabled());
    QVERIFY(child<QLabel>(u"registerRemark"_s)->text().contains(u"“test”"));
}

void RegisterDialogTest::namesWhatIsLeft()
{
    m_world->directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        const bool refused = one.url.path().endsWith(u"addPassword") || one.verb == "DELETE";
        return {refused ? 403 : 0, u"Authorization_RequestDenied"_s};
    };
    fillIn(u"orders"_s);
    child<QPushButton>(u"registerButton"_s)->click();
    auto *next = child<QLabel>(u"errorNextStep"_s);
    QTRY_VERIFY(next->isVisible());
    QVERIFY2(next->text().contains(m_world->directory.apps.constFirst().id),
             qPrintable(next->text()));
    QVERIFY(child<QPushButton>(u"registerButton"_s)->isEnabled());
    QVERIFY(child<QListWidget>(u"steps"_s)->item(2)->text().startsWith(u'✔'));
}

void RegisterDialogTest::undoesWhatIsCancelled()
{
    fillIn(u"orders"_s);
    QSignalSpy registered(m_dialog.get(), &RegisterDialog::registered);
    // Between the application and its service principal.
    m_world->directory.refuse = [this](const Http::Request &one) -> std::pair<int, QString> {
        if (one.url.path().endsWith(u"addPassword"))
            QMetaObject::invokeMethod(m_dialog.get(), [this] { m_dialog->reject(); });
        return {0, {}};
    };
    child<QPushButton>(u"registerButton"_s)->click();
    auto *message = child<QLabel>(u"errorMessage"_s);
    QTRY_VERIFY(message->isVisible());
    QVERIFY2(message->text().contains(u"cancelled"), qPrintable(message->text()));
    QCOMPARE(m_world->directory.apps.size(), 1);
    QCOMPARE(m_world->directory.livingApps(), 0);
    QCOMPARE(registered.count(), 0);
    QVERIFY(m_dialog->isVisible());
    m_dialog->reject();
    QVERIFY(!m_dialog->isVisible());
}

QTEST_MAIN(RegisterDialogTest)
#include "tst_registerdialog.moc"
