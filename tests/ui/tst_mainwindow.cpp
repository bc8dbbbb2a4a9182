#include "core/atomicfile.h"
#include "lifecycle/rotationjournal.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/access/contractpanel.h"
#include "ui/access/whypanel.h"
#include "ui/mainwindow.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/matrixview.h"
#include "ui/models/accessmatrixmodel.h"
#include "ui/models/principalmodel.h"

#include <QAbstractButton>
#include <QDialog>
#include <QAbstractItemView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;

/// The window on an index with hostile names; no keychain and no network are needed to look at it.
class MainWindowTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void welcomesANewUser();
    void showsPrincipalsAsText();
    void givesEveryControlAName();
    void opensACellByKeyboard();
    void showsServerTextAsText();
    void offersToWaitOnlyWhereRolesAreOnTheirWay();
    void makesAContractOfTheMatrix();
    void explainsABrokenContractFile();
    void aReloadLeavesTheIsolationPageOpen();
    void tellsOfAStoppedRotationAtTheStart();
    void leavesDamagedSettingsAsTheyAre_data();
    void leavesDamagedSettingsAsTheyAre();
    void keepsItsSettings();
    void namesAForeignCloud();

private:
    std::unique_ptr<Ui::MainWindow> window(const QString &folder);
    QTemporaryDir m_folder;
    QTemporaryDir m_empty;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<Services::SandboxSession> m_sandbox;
};

void MainWindowTest::initTestCase()
{
    const QByteArray index = "{\"version\":1,\"id\":\"i\",\"principals\":[{\"id\":\"1\",\"name\":\"<b>bold</b><img src=http://evil/>\","
                             "\"environment\":\"<i>x</i>\",\"tenant\":\"t\",\"clientId\":\"c\",\"cloud\":\"AzurePublic\","
                             "\"accounts\":[\"https://acct.blob.core.windows.net\"]}]}";
    QVERIFY(Core::writeFileAtomically(m_folder.filePath(u"principals.json"_s), index));
}

std::unique_ptr<Ui::MainWindow> MainWindowTest::window(const QString &folder)
{
    m_services = std::make_unique<Services::Services>(folder);
    m_sandbox = std::make_unique<Services::SandboxSession>(*m_services);
    auto made = std::make_unique<Ui::MainWindow>(*m_services, *m_sandbox);
    made->show();
    return made;
}

void MainWindowTest::welcomesANewUser()
{
    const auto w = window(m_empty.path());
    QVERIFY(w->findChild<QWidget *>(u"welcomePage"_s)->isVisible());
    for (const QString &door : {u"pasteDoor"_s, u"typeDoor"_s, u"sandboxDoor"_s})
        QVERIFY(w->findChild<QAbstractButton *>(door)->isVisible());
}

void MainWindowTest::showsPrincipalsAsText()
{
    const auto w = window(m_folder.path());
    auto *tree = w->findChild<QTreeView *>(u"principalTree"_s);
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    auto *name = w->findChild<QLabel *>(u"principalName"_s);
    QVERIFY(name->isVisible());
    QCOMPARE(name->textFormat(), Qt::PlainText);
    // What comes from outside is in labels that take nothing for markup, and in tool tips without any.
    for (const QLabel *label : w->findChildren<QLabel *>()) {
        if (label->text().contains(u'<'))
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY2(!label->toolTip().contains(u"<b>") && !label->toolTip().contains(u"<img"), qPrintable(label->objectName()));
    }
}

void MainWindowTest::givesEveryControlAName()
{
    const auto w = window(m_folder.path());
    for (const QAbstractButton *button : w->findChildren<QAbstractButton *>()) {
        const bool inner = button->objectName().startsWith(u"qt_") || button->inherits("QTabBar") || button->parent()->inherits("QTabBar")
            || button->inherits("QTableCornerButton") || button->parent()->inherits("QTableView") || button->parent()->inherits("QLineEdit");
        if (!inner)
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(), qPrintable(button->objectName()));
    }
    for (const QLineEdit *edit : w->findChildren<QLineEdit *>()) {
        if (!edit->parent()->inherits("QComboBox"))
            QVERIFY2(!edit->accessibleName().isEmpty(), qPrintable(edit->objectName()));
    }
}

void MainWindowTest::opensACellByKeyboard()
{
    Ui::AccessMatrixModel model;
    model.setContainers({u"a"_s});
    Ui::MatrixView view;
    view.setMatrix(&model);
    view.show();
    QSignalSpy opened(&view, &Ui::MatrixView::opened);
    view.setCurrentIndex(model.index(0, 0));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.currentIndex().column(), 1);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
}

void MainWindowTest::showsServerTextAsText()
{
    Ui::ErrorPanel panel;
    panel.setError({.kind = Core::Error::Kind::Unauthenticated, .message = u"<a href=x>AADSTS1</a> &lt; "_s + QString(10'000, u'x'), .code = u"<b>"_s});
    Ui::WhyPanel why;
    why.show(Access::Finding{u"id"_s, u"<img src=x>"_s, u"<b>next</b>"_s, u"az <x>"_s, {}});
    for (const QWidget *widget : std::initializer_list<const QWidget *>{&panel, &why}) {
        for (const QLabel *label : widget->findChildren<QLabel *>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }
}

void MainWindowTest::offersToWaitOnlyWhereRolesAreOnTheirWay()
{
    Ui::WhyPanel why;
    static_cast<QWidget &>(why).show();
    auto *wait = why.findChild<QAbstractButton *>(u"waitButton"_s);
    const Access::Probe &probe = Access::defaultProbes().first();
    Access::Cell cell{.operation = probe.operation, .observed = Access::Observation::Denied};
    cell.finding = Access::Finding{u"missing-role"_s, u"c"_s, u"n"_s, {}, {}};
    why.show(probe, cell, {});
    QVERIFY(!wait->isVisible());
    cell.finding->id = u"still-propagating"_s;
    why.show(probe, cell, {});
    QVERIFY(wait->isVisible());
    QSignalSpy asked(&why, &Ui::WhyPanel::waitRequested);
    wait->click();
    QCOMPARE(asked.count(), 1);
}

void MainWindowTest::makesAContractOfTheMatrix()
{
    const QTemporaryDir folder;
    Access::AccessReport report;
    report.principal = u"orders"_s;
    report.account = QUrl(u"https://a.blob.core.windows.net"_s);
    report.cells = {{.container = u"in"_s, .operation = u"blob.read"_s, .observed = Access::Observation::Allowed},
                    {.container = u"in"_s, .operation = u"blob.write"_s, .observed = Access::Observation::Denied}};
    const QString path = folder.filePath(u"c.yaml"_s);
    QVERIFY(Core::writeFileAtomically(path, Access::Contract::of(report).toYaml()));
    Ui::ContractPanel panel;
    panel.setPath(path);
    QVERIFY2(!panel.result(), "without a check there is nothing to compare");
    QSignalSpy compared(&panel, &Ui::ContractPanel::compared);
    panel.setReport(report);
    QCOMPARE(compared.count(), 1);
    QCOMPARE(panel.result()->count(Access::ContractResult::State::Kept), 2);
    report.cells[1].observed = Access::Observation::Allowed;
    panel.setReport(report);
    QCOMPARE(panel.result()->count(Access::ContractResult::State::Broken), 1);
    auto *table = panel.findChild<QTableView *>(u"clauseTable"_s);
    QSignalSpy chosen(&panel, &Ui::ContractPanel::clauseChosen);
    table->setCurrentIndex(table->model()->index(0, 0));
    QCOMPARE(chosen.first().at(1).toString(), u"blob.write"_s);

    // With the rights at hand it is said what would mend it, and that goes into the report.
    Access::AuthorizationFacts rights;
    rights.account = *Azure::Scope::parse(u"/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a"_s);
    rights.principalIds = {u"me"_s};
    rights.definitions = Azure::builtInRoles();
    Azure::RoleAssignment contributor;
    contributor.id = u"/assignments/1"_s;
    contributor.roleDefinitionId = u"Storage Blob Data Contributor"_s;
    contributor.principalId = u"me"_s;
    contributor.scope = rights.account;
    rights.assignments = {contributor};
    compared.clear();
    panel.setReport(report, std::make_shared<const Access::AuthorizationFacts>(rights));
    QVERIFY(panel.result()->remedies.isEmpty());
    QVERIFY(compared.wait());
    QCOMPARE(panel.result()->remedies.size(), 1);
    QVERIFY(panel.findChild<QLabel *>(u"contractRemedies"_s)->text().contains(u"az role assignment delete --ids /assignments/1"_s));
    panel.setReport(report);
    QVERIFY(panel.findChild<QLabel *>(u"contractRemedies"_s)->text().isEmpty());
    panel.setPath({});
    QVERIFY(!panel.result());
}

void MainWindowTest::explainsABrokenContractFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"c.yaml"_s);
    QVERIFY(Core::writeFileAtomically(path, "rules:\n  - account: true\n    must: [container.lust]\n"));
    Ui::ContractPanel panel;
    panel.show();
    panel.setPath(path);
    const auto *message = panel.findChild<QLabel *>(u"errorMessage"_s);
    QVERIFY(message->isVisible());
    QVERIFY2(message->text().contains(u"ine 3"), qPrintable(message->text()));
    panel.setPath({});
    QVERIFY(!message->isVisible());
}

void MainWindowTest::aReloadLeavesTheIsolationPageOpen()
{
    const auto w = window(m_folder.path());
    auto *tree = w->findChild<QTreeView *>(u"principalTree"_s);
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    w->findChild<QAbstractButton *>(u"isolationButton"_s)->click();
    auto *page = w->findChild<QWidget *>(u"isolationPage"_s);
    QVERIFY(page->isVisible());
    emit m_services->vault.changed();
    QVERIFY(page->isVisible());
    QTest::keyClick(tree, Qt::Key_Return);
    QVERIFY(!page->isVisible());
}

// It was killed, or the machine went down: the next start says so, whoever is selected.
void MainWindowTest::tellsOfAStoppedRotationAtTheStart()
{
    const QTemporaryDir folder;
    QVERIFY(Core::writeFileAtomically(folder.filePath(u"principals.json"_s),
                                      R"({"version":1,"id":"i","principals":[
        {"id":"1","name":"audit","tenant":"t","clientId":"c","cloud":"AzurePublic"},
        {"id":"2","name":"orders","tenant":"t","clientId":"d","cloud":"AzurePublic"}]})"));
    {
        const auto quiet = window(folder.path());
        QVERIFY(!quiet->findChild<QWidget *>(u"rotationNotice"_s)->isVisible());
    }
    Lifecycle::Rotation rotation;
    rotation.principalId = u"2"_s;
    rotation.marker = u"m"_s;
    rotation.step = Lifecycle::Rotation::Step::Stored;
    rotation.startedAt = QDateTime::currentDateTimeUtc();
    QVERIFY(Lifecycle::RotationJournal(folder.path()).write(rotation));
    const auto w = window(folder.path());
    auto *notice = w->findChild<QWidget *>(u"rotationNotice"_s);
    QVERIFY(notice->isVisible());
    const QString words = w->findChild<QLabel *>(u"rotationNoticeText"_s)->text();
    QVERIFY2(words.contains(u"orders") && !words.contains(u"audit"), qPrintable(words));
    const auto *tree = w->findChild<QTreeView *>(u"principalTree"_s);
    const auto *model = tree->model();
    const auto orders = model->match(model->index(0, 0, model->index(0, 0)), Qt::DisplayRole, u"orders"_s);
    QCOMPARE(orders.size(), 1);
    QVERIFY(orders.first().data(Qt::AccessibleTextRole).toString().contains(u"rotation is not ended"));
    QCOMPARE(orders.first().data(Ui::PrincipalModel::BadgeRole).toString(), u"⟳"_s);

    w->findChild<QAbstractButton *>(u"showRotationButton"_s)->click();
    auto *dialog = w->findChild<QDialog *>(u"rotateDialog"_s);
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(dialog->windowTitle().contains(u"orders"));
    QVERIFY(dialog->findChild<QLabel *>(u"rotationState"_s)->text().contains(u"in the keychain, and not in use yet"));
    // Put away, it stays away until there is news.
    dialog->close();
    w->findChild<QAbstractButton *>(u"dismissRotationButton"_s)->click();
    QVERIFY(!notice->isVisible());
}

void MainWindowTest::leavesDamagedSettingsAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("no INI") << QByteArray("{\"lockAfterMinutes\": 5}\nno line of an INI file\n") << u"INI"_s;
    for (const QByteArray value : {"soon", "-1", "1.5", "1, 2", "99999999999", "@ByteArray(x)", "@Invalid()"})
        QTest::addRow("lockAfterMinutes=%s", value.constData()) << "[General]\nlockAfterMinutes=" + value + '\n' << u"lockAfterMinutes"_s;
    QTest::newRow("tab") << QByteArray("[General]\ntab=first\n") << u"tab"_s;
    QTest::newRow("geometry") << QByteArray("[General]\ngeometry=wide\n") << u"geometry"_s;
    QTest::newRow("principal") << QByteArray("[General]\nprincipal=a, b\n") << u"principal"_s;
    QTest::newRow("a contract") << QByteArray("[contracts]\nx=a, b\n") << u"contracts/x"_s;
    QTest::newRow("too large") << "[General]\nx=" + QByteArray(2 << 20, 'x') + '\n' << u"larger"_s;
}

void MainWindowTest::leavesDamagedSettingsAsTheyAre()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"window.ini"_s);
    QVERIFY(Core::writeFileAtomically(path, text));
    auto w = window(folder.path());
    bool said = false;
    const auto labels = w->findChildren<QLabel *>();
    for (const QLabel *label : labels)
        said = said || (label->text().contains(path) && label->text().contains(named));
    QVERIFY(said);
    w->close();
    w.reset();
    QCOMPARE(*Core::readFile(path), text);
}

void MainWindowTest::keepsItsSettings()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"window.ini"_s);
    QVERIFY(Core::writeFileAtomically(path, "[General]\nlockAfterMinutes=5\nfuture=7\n"));
    for (int times = 0; times < 2; ++times) { // it reads what it wrote itself
        auto w = window(folder.path());
        w->close();
        w.reset();
        const QByteArray text = *Core::readFile(path);
        QVERIFY(text.contains("lockAfterMinutes=5") && text.contains("future=7") && text.contains("geometry="));
    }
}

void MainWindowTest::namesAForeignCloud()
{
    QTemporaryDir folder;
    const QString cloud = folder.filePath(u"cloud.json"_s);
    const QByteArray elsewhere = "{\"name\":\"Elsewhere\",\"authorityHost\":\"https://login.elsewhere.example\"}";
    QVERIFY(Core::writeFileAtomically(cloud, elsewhere));
    const QJsonObject one{{u"id"_s, u"1"_s}, {u"name"_s, u"orders"_s}, {u"cloud"_s, cloud}};
    const QJsonObject other{{u"id"_s, u"2"_s}, {u"name"_s, u"public"_s}};
    QVERIFY(Core::writeFileAtomically(folder.filePath(u"principals.json"_s),
                                      QJsonDocument(QJsonObject{{u"version"_s, 1}, {u"id"_s, u"i"_s}, {u"principals"_s, QJsonArray{one, other}}}).toJson()));
    const auto w = window(folder.path());
    auto *rail = w->findChild<QAbstractItemView *>(u"principalTree"_s);
    QVERIFY(rail);
    const auto notes = [&] {
        QStringList texts;
        const auto labels = w->findChildren<QLabel *>(u"foreignCloudNote"_s);
        for (const QLabel *label : labels) {
            if (label->isVisibleTo(label->parentWidget()))
                texts.append(label->text() + label->toolTip() + label->accessibleName());
        }
        return texts.join(u'|');
    };
    for (const QString &name : {u"orders"_s, u"public"_s}) {
        const auto found = rail->model()->match(rail->model()->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchContains | Qt::MatchRecursive);
        QVERIFY(!found.isEmpty());
        rail->setCurrentIndex(found.constFirst());
        const auto *header = w->findChild<QWidget *>(u"principalName"_s)->parentWidget()->parentWidget();
        const auto *label = header->findChild<QLabel *>(u"foreignCloudNote"_s);
        QVERIFY(label);
        QCOMPARE(label->isVisibleTo(header), name == u"orders");
    }
    QVERIFY2(notes().contains(cloud) && notes().contains(u"https://login.elsewhere.example"), qPrintable(notes())); // the isolation page's
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
