#include "core/atomicfile.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/access/whypanel.h"
#include "ui/mainwindow.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/matrixview.h"
#include "ui/models/accessmatrixmodel.h"

#include <QAbstractButton>
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

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
