#include "services/services.h"
#include "ui/storage/blobpanel.h"
#include "ui/storage/blobpreview.h"

#include <QBuffer>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Ui::BlobPanel;
using Ui::BlobPreview;

/// What the panel makes of a blob's first bytes; how they are read is tested by storage.blobclient.
class BlobPanelTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void showsText();
    void cutsBetweenCharacters();
    void showsAnImage();
    void refusesWhatItCannotShow_data();
    void refusesWhatItCannotShow();
    void offersANameThatStaysInTheFolder();
    void hidesWithoutABlob();

private:
    QString status() { return m_panel->findChild<QLabel *>(u"blobStatus"_s)->text(); }
    QPlainTextEdit *text() { return m_panel->findChild<QPlainTextEdit *>(u"blobText"_s); }
    QLabel *image() { return m_panel->findChild<QLabel *>(u"blobImage"_s); }
    QTemporaryDir m_folder;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<BlobPanel> m_panel;
};

void BlobPanelTest::init()
{
    m_panel.reset();
    m_services = std::make_unique<Services::Services>(m_folder.path());
    m_panel = std::make_unique<BlobPanel>(*m_services);
    m_panel->setBlob(
        {{}, QUrl(u"https://a.blob.core.windows.net"_s), u"in"_s, u"x/../a:b.txt"_s, -1, {}, {}});
    QVERIFY(m_panel->isVisible());
}

void BlobPanelTest::showsText()
{
    m_panel->showPreview("<b>not bold</b>\nsecond");
    QVERIFY(text()->isVisible() && !image()->isVisible());
    QCOMPARE(text()->toPlainText(), u"<b>not bold</b>\nsecond"_s);
    QCOMPARE(status(), QString());
    m_panel->showPreview({});
    QVERIFY(!text()->isVisible());
    QVERIFY(status().contains(u"empty"));
}

void BlobPanelTest::cutsBetweenCharacters()
{
    const QByteArray bytes = QByteArray(BlobPreview::longestText - 1, 'x') + "\u20ac and more";
    m_panel->showPreview(bytes);
    QVERIFY(text()->isVisible());
    QCOMPARE(text()->toPlainText().size(), BlobPreview::longestText - 1);
    QVERIFY2(status().contains(u"first 64 KiB"), qPrintable(status()));
}

void BlobPanelTest::showsAnImage()
{
    QImage picture(2000, 100, QImage::Format_RGB32);
    picture.fill(Qt::red);
    QBuffer png;
    png.open(QIODevice::WriteOnly);
    QVERIFY(picture.save(&png, "PNG"));
    m_panel->showPreview(png.data());
    QVERIFY(image()->isVisible() && !text()->isVisible());
    QCOMPARE(image()->pixmap().width(), 640);
    QVERIFY2(status().contains(u"2000 × 100"), qPrintable(status()));
}

void BlobPanelTest::refusesWhatItCannotShow_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zero byte") << QByteArray("a\0b", 3);
    QTest::newRow("no UTF-8") << QByteArray("caf\xe9 au lait");
    QTest::newRow("half an image") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10);
}

void BlobPanelTest::refusesWhatItCannotShow()
{
    QFETCH(QByteArray, bytes);
    m_panel->showPreview(bytes);
    QVERIFY(!text()->isVisible() && !image()->isVisible());
    QVERIFY2(status().contains(u"neither"), qPrintable(status()));
}

void BlobPanelTest::offersANameThatStaysInTheFolder()
{
    m_panel->findChild<QPushButton *>(u"downloadButton"_s)->click();
    const auto *dialog = m_panel->findChild<QFileDialog *>();
    QVERIFY(dialog);
    QCOMPARE(QFileInfo(dialog->selectedFiles().constFirst()).fileName(), u"a_b.txt"_s);
    QCOMPARE(QFileInfo(dialog->selectedFiles().constFirst()).path(), dialog->directory().path());
}

void BlobPanelTest::hidesWithoutABlob()
{
    m_panel->showPreview("text");
    m_panel->setBlob({});
    QVERIFY(!m_panel->isVisible());
    QVERIFY(!text()->isVisible());
}

QTEST_MAIN(BlobPanelTest)
#include "tst_blobpanel.moc"
