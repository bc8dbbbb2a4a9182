#include "ui/widgets/secretclipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QTest>

using namespace Qt::StringLiterals;

class SecretClipboardTest : public QObject
{
    Q_OBJECT
private slots:
    void marksAndClears();
    void leavesForeignTextAlone();
    void clearsAtTheEnd();
};

void SecretClipboardTest::marksAndClears()
{
    Ui::SecretClipboard clipboard;
    clipboard.setLifetime(std::chrono::milliseconds(50));
    clipboard.copy(Core::Secret("s3cret"));
    QCOMPARE(QGuiApplication::clipboard()->text(), u"s3cret"_s);
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->data(u"x-kde-passwordManagerHint"_s), QByteArray("secret"));
    QTRY_VERIFY(QGuiApplication::clipboard()->text().isEmpty());
}

void SecretClipboardTest::leavesForeignTextAlone()
{
    Ui::SecretClipboard clipboard;
    clipboard.copy(Core::Secret("s3cret"));
    QGuiApplication::clipboard()->setText(u"somebody else's"_s);
    clipboard.clear();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"somebody else's"_s);
}

void SecretClipboardTest::clearsAtTheEnd()
{
    {
        Ui::SecretClipboard clipboard;
        clipboard.copy(Core::Secret("s3cret"));
    }
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
}

QTEST_MAIN(SecretClipboardTest)
#include "tst_secretclipboard.moc"
