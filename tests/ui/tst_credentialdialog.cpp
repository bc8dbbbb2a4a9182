#include "services/services.h"
#include "ui/principals/credentialdialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class CredentialDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void fillsTheFormFromAPaste();
    void hidesTheSecret();
    void saysWhatIsWrongBesideTheField_data();
    void saysWhatIsWrongBesideTheField();
    void savesOnlyWhatIsComplete();
    void explainsAPasteItCannotRead();
    void asksWhichGuidIsTheTenant();
    void leavesAnEmptySecretEmpty();

private:
    template<typename T>
    T *child(const QString &name)
    {
        T *found = m_dialog->findChild<T *>(name);
        if (!found)
            qFatal("there is no %s", qPrintable(name));
        return found;
    }
    QTemporaryDir m_folder;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<Ui::CredentialDialog> m_dialog;
};

namespace {

const QString rbac = u"{\"appId\":\"00001111-aaaa-2222-bbbb-3333cccc4444\",\"displayName\":\"orders\",\"password\":\"Zq78Q~FAKE~not_a-real.secret~0000abcdefg\","
                     "\"tenant\":\"aaaabbbb-0000-cccc-1111-dddd2222eeee\"}"_s;

} // namespace

void CredentialDialogTest::init()
{
    m_dialog.reset();
    m_services = std::make_unique<Services::Services>(m_folder.path());
    m_dialog = std::make_unique<Ui::CredentialDialog>(*m_services);
    m_dialog->show();
}

void CredentialDialogTest::fillsTheFormFromAPaste()
{
    child<QPlainTextEdit>(u"pasteField"_s)->setPlainText(rbac);
    QCOMPARE(child<QLineEdit>(u"nameField"_s)->text(), u"orders"_s);
    QCOMPARE(child<QLineEdit>(u"tenantField"_s)->text(), u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s);
    QCOMPARE(child<QLineEdit>(u"secretField"_s)->text().size(), 40);
    QVERIFY2(child<QPlainTextEdit>(u"pasteField"_s)->toPlainText().isEmpty(), "the secret does not stay in the open");
    QVERIFY(child<QPushButton>(u"saveCredentialButton"_s)->isEnabled());
}

void CredentialDialogTest::hidesTheSecret()
{
    QCOMPARE(child<QLineEdit>(u"secretField"_s)->echoMode(), QLineEdit::Password);
}

void CredentialDialogTest::saysWhatIsWrongBesideTheField_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("says");
    QTest::newRow("the secret's ID") << u"secretField"_s << u"99990000-aaaa-2222-bbbb-3333cccc4444"_s << u"secret's ID"_s;
    QTest::newRow("no tenant") << u"tenantField"_s << u"nonsense"_s << u"GUID"_s;
    QTest::newRow("common") << u"tenantField"_s << u"common"_s << u"own tenant"_s;
    QTest::newRow("no client ID") << u"clientIdField"_s << u"orders-api"_s << u"GUID"_s;
}

void CredentialDialogTest::saysWhatIsWrongBesideTheField()
{
    QFETCH(QString, field);
    QFETCH(QString, typed);
    QFETCH(QString, says);
    m_dialog->paste(rbac);
    child<QLineEdit>(field)->setText(typed);
    const auto *finding = child<QLabel>(field + u"Finding"_s);
    QVERIFY(finding->isVisible());
    QVERIFY2(finding->text().contains(says), qPrintable(finding->text()));
    QVERIFY(!child<QPushButton>(u"saveCredentialButton"_s)->isEnabled());
    m_dialog->paste(rbac);
    QVERIFY(!finding->isVisible());
}

void CredentialDialogTest::savesOnlyWhatIsComplete()
{
    m_dialog->paste(rbac);
    auto *save = child<QPushButton>(u"saveCredentialButton"_s);
    for (const QString &field : {u"nameField"_s, u"tenantField"_s, u"clientIdField"_s, u"secretField"_s}) {
        const QString before = child<QLineEdit>(field)->text();
        child<QLineEdit>(field)->clear();
        QVERIFY(!save->isEnabled());
        child<QLineEdit>(field)->setText(before);
        QVERIFY(save->isEnabled());
    }
}

void CredentialDialogTest::explainsAPasteItCannotRead()
{
    m_dialog->paste(rbac.left(50));
    const auto *message = child<QLabel>(u"errorMessage"_s);
    QVERIFY(message->isVisible());
    QVERIFY(message->text().contains(u"line"));
    QCOMPARE(message->textFormat(), Qt::PlainText);
}

void CredentialDialogTest::asksWhichGuidIsTheTenant()
{
    m_dialog->paste(u"00001111-aaaa-2222-bbbb-3333cccc4444 Zq78Q~FAKE~not_a-real.secret~0000abcdefg aaaabbbb-0000-cccc-1111-dddd2222eeee"_s);
    auto *question = child<QMessageBox>(u"orderQuestion"_s);
    QVERIFY(child<QLineEdit>(u"tenantField"_s)->text().isEmpty());
    const QList<QAbstractButton *> buttons = question->buttons();
    const auto chosen = std::find_if(buttons.cbegin(), buttons.cend(), [](const QAbstractButton *one) { return one->text().startsWith(u"aaaabbbb"); });
    QVERIFY(chosen != buttons.cend());
    QTest::mouseClick(*chosen, Qt::LeftButton);
    QCOMPARE(child<QLineEdit>(u"tenantField"_s)->text(), u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s);
    QCOMPARE(child<QLineEdit>(u"clientIdField"_s)->text(), u"00001111-aaaa-2222-bbbb-3333cccc4444"_s);
}

void CredentialDialogTest::leavesAnEmptySecretEmpty()
{
    m_dialog->paste(u"AZURE_TENANT_ID=aaaabbbb-0000-cccc-1111-dddd2222eeee\nAZURE_CLIENT_ID=00001111-aaaa-2222-bbbb-3333cccc4444\n"
                    "AZURE_CLIENT_SECRET=\nDB_PASSWORD=database-password-of-production\n"_s);
    QVERIFY(child<QLineEdit>(u"secretField"_s)->text().isEmpty());
    QCOMPARE(child<QLineEdit>(u"tenantField"_s)->text(), u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s);
}

QTEST_MAIN(CredentialDialogTest)
#include "tst_credentialdialog.moc"
