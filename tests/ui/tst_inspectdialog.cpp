#include "ui/handover/inspectdialog.h"

#include "core/atomicfile.h"
#include "identity/credentialimport.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/handover/savepanel.h"
#include "ui/mainwindow.h"
#include "ui/widgets/filedrops.h"
#include "ui/widgets/secretclipboard.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Ui;
using namespace Qt::StringLiterals;

/// Somebody else's environment file in the window.
class InspectDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void saysWhatEachConsumerReads();
    void showsNoValueUntilAsked();
    void savesTheRepairedText();
    void copiesForHalfAMinute();
    void explainsWhatCannotBeRead_data();
    void explainsWhatCannotBeRead();
    void writesNothingThatIsNotCertain();
    void handsTheCredentialOn();
    void opensWhatIsDroppedOnTheWindow();
    void opensWhatIsDroppedOnAField_data();
    void opensWhatIsDroppedOnAField();
    void leavesOtherDropsAlone();
    void looksIntoAFolder();

private:
    void open(InspectDialog &dialog, const QString &path);
    QString m_path;
    QTemporaryDir m_folder;
    std::unique_ptr<Services::Services> m_services;
    SecretClipboard m_clipboard;
};

namespace {

constexpr auto secret = "p$HOME~#x";
const QByteArray nasty = QByteArray("\xEF\xBB\xBF") +
                         "AZURE_TENANT_ID=00001111-aaaa-2222-bbbb-3333cccc4444\r\n"
                         "AZURE_CLIENT_ID=55556666-dddd-7777-eeee-8888ffff9999\r\n"
                         "AZURE_CLIENT_SECRET='" +
                         secret + "'\r\n";

template<typename T>
T *in(const QWidget &widget, const char *name)
{
    return widget.findChild<T *>(QString::fromLatin1(name));
}

// As the window system brings it: to the widget under the pointer, and up from there.
bool drop(QWidget &widget, const QMimeData &data)
{
    const QPoint place(10, 10);
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, {});
    enter.ignore();
    QApplication::sendEvent(&widget, &enter);
    if (!enter.isAccepted())
        return false;
    QDropEvent drop(place, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&widget, &drop);
    return drop.isAccepted();
}

QTreeWidgetItem *row(const QTreeWidget &tree, const QString &format)
{
    const auto found = tree.findItems(EnvFile::findFormat(format)->title, Qt::MatchExactly);
    return found.isEmpty() ? nullptr : found.first();
}

} // namespace

void InspectDialogTest::initTestCase()
{
    m_path = m_folder.filePath(u"their.env"_s);
    QVERIFY(Core::writeFileAtomically(m_path, nasty));
    m_services = std::make_unique<Services::Services>(m_folder.filePath(u"config"_s));
}

void InspectDialogTest::open(InspectDialog &dialog, const QString &path)
{
    static_cast<QWidget &>(dialog).show();
    dialog.openFile(path);
    QTRY_VERIFY(in<QTreeWidget>(dialog, "inspectConsumers")->topLevelItemCount() > 0);
}

void InspectDialogTest::saysWhatEachConsumerReads()
{
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, m_path);
    const QString defects = in<QLabel>(dialog, "inspectDefects")->text();
    QVERIFY2(defects.contains(u"byte order mark") && defects.contains(u"CRLF"),
             qPrintable(defects));
    const auto *tree = in<QTreeWidget>(dialog, "inspectConsumers");
    // Docker keeps the quotes and the carriage return.
    auto *docker = row(*tree, u"docker-env-file"_s);
    QVERIFY(docker && docker->text(1).startsWith(u"✖") && docker->isExpanded());
    QStringList told;
    for (int i = 0; i < docker->childCount(); ++i)
        told.append(docker->child(i)->text(1));
    QVERIFY2(told.join(u'\n').contains(u"AZURE_CLIENT_SECRET is read otherwise"),
             qPrintable(told.join(u'\n')));
    const auto *python = row(*tree, u"python-dotenv"_s);
    QVERIFY(python);
    QStringList others;
    for (int i = 0; i < python->childCount(); ++i)
        others.append(python->child(i)->text(1));
    QVERIFY2(others.join(u'\n').contains(u"nobody meant: %EF%BB%BFAZURE_TENANT_ID"),
             qPrintable(others.join(u'\n')));
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (!label->buddy())
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }
}

void InspectDialogTest::showsNoValueUntilAsked()
{
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, m_path);
    const auto *text = in<QPlainTextEdit>(dialog, "repairedText");
    QVERIFY(text->toPlainText().contains(u"AZURE_CLIENT_SECRET"));
    QVERIFY(!text->toPlainText().contains(QString::fromLatin1(secret)) &&
            !text->toPlainText().contains(u"55556666"));
    auto *formats = in<QComboBox>(dialog, "repairFormat");
    formats->setCurrentIndex(formats->findData(u"shell"_s));
    in<QCheckBox>(dialog, "revealValues")->setChecked(true);
    QVERIFY(text->toPlainText().contains(QString::fromLatin1(secret)));
    dialog.openFile(m_path);
    QVERIFY2(!text->toPlainText().contains(QString::fromLatin1(secret)), "another file is masked");
}

void InspectDialogTest::savesTheRepairedText()
{
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, m_path);
    auto *formats = in<QComboBox>(dialog, "repairFormat");
    formats->setCurrentIndex(formats->findData(u"shell"_s));
    const QString target = m_folder.filePath(u"repaired.sh"_s);
    dialog.saveTo(target);
    QTRY_VERIFY(in<QLabel>(dialog, "inspectStatus")->text().contains(target));
    QProcess shell;
    shell.start(u"sh"_s, {u"-c"_s, u". \"$0\"; printf %s \"$AZURE_CLIENT_SECRET\""_s, target});
    QVERIFY(shell.waitForFinished(10'000));
    QCOMPARE(shell.readAllStandardOutput(), QByteArray(secret));

    // Over the very file that was read: what changes is said first.
    formats->setCurrentIndex(formats->findData(u"systemd-envfile"_s));
    dialog.saveTo(m_path);
    QTRY_VERIFY(in<QWidget>(dialog, "savePanel")->isVisible());
    const QString said = in<QLabel>(dialog, "saveWarnings")->text();
    QVERIFY2(said.contains(u"AZURE_TENANT_ID") && !said.contains(QString::fromLatin1(secret)),
             qPrintable(said));
}

void InspectDialogTest::copiesForHalfAMinute()
{
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, m_path);
    in<QAbstractButton>(dialog, "copyRepairedButton")->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"~#x"));
    QVERIFY(m_clipboard.secondsLeft() > 25 && m_clipboard.secondsLeft() <= 30);
    m_clipboard.clear();
}

void InspectDialogTest::explainsWhatCannotBeRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("exists");
    QTest::addRow("not there") << QByteArray() << false;
    QTest::addRow("empty") << QByteArray() << true;
    QTest::addRow("too large") << QByteArray(2 * 1024 * 1024, 'x') << true;
}

void InspectDialogTest::explainsWhatCannotBeRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, exists);
    const QString path = m_folder.filePath(u"odd"_s);
    QFile::remove(path);
    if (exists)
        QVERIFY(Core::writeFileAtomically(path, bytes));
    InspectDialog dialog(*m_services, m_clipboard);
    static_cast<QWidget &>(dialog).show();
    dialog.openFile(path);
    QTRY_VERIFY(in<QWidget>(dialog, "errorPanel")->isVisible());
    QVERIFY(!in<QLabel>(dialog, "errorMessage")->text().isEmpty());
    for (const char *button : {"saveRepairedButton", "copyRepairedButton", "keepCredentialButton"})
        QVERIFY2(!in<QAbstractButton>(dialog, button)->isEnabled(), button);
}

void InspectDialogTest::writesNothingThatIsNotCertain()
{
    const QString path = m_folder.filePath(u"script.sh"_s);
    QVERIFY(Core::writeFileAtomically(path, "export A='1'\nexport B=\"$(hostname)\"\n"));
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, path);
    QTRY_VERIFY(in<QWidget>(dialog, "errorPanel")->isVisible());
    QVERIFY(in<QLabel>(dialog, "errorMessage")->text().startsWith(u"B "));
    QVERIFY(!in<QAbstractButton>(dialog, "saveRepairedButton")->isEnabled());
    QVERIFY(!in<QAbstractButton>(dialog, "copyRepairedButton")->isEnabled());
}

void InspectDialogTest::handsTheCredentialOn()
{
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, m_path);
    QSignalSpy kept(&dialog, &InspectDialog::keepRequested);
    in<QAbstractButton>(dialog, "keepCredentialButton")->click();
    QCOMPARE(kept.count(), 1);
    QVERIFY(kept.first().first().toString().contains(QString::fromLatin1(secret)));
    QVERIFY(!dialog.isVisible());
}

void InspectDialogTest::opensWhatIsDroppedOnTheWindow()
{
    const QTemporaryDir config;
    Services::Services services(config.path());
    Services::SandboxSession sandbox(services);
    MainWindow window(services, sandbox);
    window.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(m_path)});
    QVERIFY(drop(window, data));
    auto *dialog = window.findChild<InspectDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_VERIFY(in<QTreeWidget>(*dialog, "inspectConsumers")->topLevelItemCount() > 0);

    // Keeping it fills the form for a principal.
    in<QAbstractButton>(*dialog, "keepCredentialButton")->click();
    auto *form = window.findChild<QDialog *>(u"credentialDialog"_s);
    QVERIFY(form && form->isVisible());
}

void InspectDialogTest::opensWhatIsDroppedOnAField_data()
{
    QTest::addColumn<QString>("field");
    QTest::addRow("a line to type in") << u"accountField"_s;
    QTest::addRow("a text to read") << u"handoverText"_s;
}

// Such a field takes drops itself: it would take the file's address for words.
void InspectDialogTest::opensWhatIsDroppedOnAField()
{
    QFETCH(QString, field);
    const QTemporaryDir config;
    Services::Services services(config.path());
    Services::SandboxSession sandbox(services);
    MainWindow window(services, sandbox);
    window.show();
    auto *widget = window.findChild<QWidget *>(field);
    QVERIFY(widget);
    if (auto *scrolling = qobject_cast<QAbstractScrollArea *>(widget))
        widget = scrolling->viewport();
    QMimeData data; // as file managers have it: also as words
    data.setUrls({QUrl::fromLocalFile(m_path)});
    data.setText(m_path);
    QVERIFY(drop(*widget, data));
    const auto *dialog = window.findChild<InspectDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_VERIFY(in<QTreeWidget>(*dialog, "inspectConsumers")->topLevelItemCount() > 0);
    if (const auto *line = qobject_cast<QLineEdit *>(widget))
        QVERIFY(line->text().isEmpty());
}

void InspectDialogTest::leavesOtherDropsAlone()
{
    QMimeData text, two, web;
    text.setText(u"/etc/passwd"_s);
    two.setUrls({QUrl::fromLocalFile(m_path), QUrl::fromLocalFile(m_path)});
    web.setUrls({QUrl(u"https://example.org/.env"_s)});
    for (const QMimeData *data : {&text, &two, &web})
        QVERIFY(FileDrops::pathIn(data).isEmpty());
    InspectDialog dialog(*m_services, m_clipboard);
    auto *field = new QLineEdit(&dialog);
    drop(*field, text);
    QCOMPARE(field->text(), u"/etc/passwd"_s); // words are for the field
    QVERIFY(in<QLabel>(dialog, "inspectTitle")->text().isEmpty());
}

void InspectDialogTest::looksIntoAFolder()
{
    const QString path = m_folder.filePath(u"env"_s);
    QVERIFY(QDir().mkpath(path));
    const QByteArrayList files{"AZURE_TENANT_ID=00001111-aaaa-2222-bbbb-3333cccc4444",
                               "AZURE_CLIENT_ID=55556666-dddd-7777-eeee-8888ffff9999",
                               "AZURE_CLIENT_SECRET=p$HOME~'#x"};
    for (const QByteArray &file : files) {
        const auto parts = file.split('=');
        QVERIFY(Core::writeFileAtomically(path + u'/' + QString::fromLatin1(parts[0]),
                                          parts[1] + '\n'));
    }
    InspectDialog dialog(*m_services, m_clipboard);
    open(dialog, path);
    const auto *tree = in<QTreeWidget>(dialog, "inspectConsumers");
    for (const QString &format : {u"envdir"_s, u"s6-envdir"_s}) {
        const auto *consumer = row(*tree, format);
        QVERIFY(consumer && consumer->text(1).startsWith(u"✔"));
    }
    // systemd hands the line end on, as it hands on every byte.
    const auto *systemd = row(*tree, u"systemd-credential"_s);
    QVERIFY(systemd && systemd->text(1).startsWith(u"✖"));
    QVERIFY(in<QLabel>(dialog, "trialFacts")->text().contains(u"complete"));
    QSignalSpy kept(&dialog, &InspectDialog::keepRequested);
    in<QAbstractButton>(dialog, "keepCredentialButton")->click();
    QCOMPARE(kept.count(), 1);
    const auto read = Identity::importCredential(kept.first().first().toString().toUtf8());
    QVERIFY(read);
    QCOMPARE(read->secret.reveal().toByteArray(), QByteArray("p$HOME~'#x"));
}

QTEST_MAIN(InspectDialogTest)
#include "tst_inspectdialog.moc"
