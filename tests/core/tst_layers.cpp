#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

/// Holds every #include of the project against the directions that the house allows.
class LayersTest : public QObject
{
    Q_OBJECT
private slots:
    void everyIncludePointsTheRightWay_data();
    void everyIncludePointsTheRightWay();
    void nothingUnderAppKnowsWidgets();
    void noSourceOffersToIgnoreTlsErrors();
    void noCommandIsPutTogetherByHand_data();
    void noCommandIsPutTogetherByHand();
    void findsACommandThatIsPutTogetherByHand_data();
    void findsACommandThatIsPutTogetherByHand();
};

namespace {

struct Source {
    QString path;   ///< relative to the project
    QString folder; ///< "core", "ui/models", …
    QString text;
};

QList<Source> sourcesUnder(const QString &top)
{
    QList<Source> sources;
    const QString root = QStringLiteral(ROLESCOPE_SOURCE_DIR) + u'/';
    QDirIterator it(root + top, {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        if (file.fileName().contains(u"/node_modules/"_s) || !file.open(QIODevice::ReadOnly))
            continue;
        const QString path = file.fileName().mid(root.size());
        const QStringList parts = path.split(u'/');
        QString folder = parts.size() > 2 ? parts[1] : QString();
        if (top == u"ui")
            folder = folder == u"models" ? u"ui/models"_s : u"ui"_s;
        sources.append({path, folder, QString::fromUtf8(file.readAll())});
    }
    return sources;
}

const QMap<QString, QSet<QString>> &allowed()
{
    static const QSet<QString> services{u"core"_s,  u"http"_s,    u"identity"_s, u"vault"_s,
                                        u"azure"_s, u"storage"_s, u"access"_s};
    static const QMap<QString, QSet<QString>> table{
        {u"core"_s, {}},
        {u"envfile"_s, {u"core"_s}},
        {u"http"_s, {u"core"_s}},
        {u"serving"_s, {u"core"_s, u"http"_s}},
        {u"identity"_s, {u"core"_s, u"http"_s}},
        {u"handover"_s, {u"core"_s, u"envfile"_s, u"http"_s, u"serving"_s, u"identity"_s}},
        {u"vault"_s, {u"core"_s, u"identity"_s}},
        {u"azure"_s, {u"core"_s, u"http"_s, u"identity"_s}},
        {u"storage"_s, {u"core"_s, u"http"_s, u"identity"_s}},
        {u"access"_s, {u"core"_s, u"http"_s, u"identity"_s, u"azure"_s, u"storage"_s}},
        {u"report"_s, {u"core"_s, u"access"_s}},
        {u"lifecycle"_s, {u"core"_s, u"http"_s, u"identity"_s, u"vault"_s, u"azure"_s, u"envfile"_s}},
        {u"print"_s, {u"core"_s, u"access"_s, u"report"_s}},
        {u"services"_s, services | QSet<QString>{u"lifecycle"_s}},
        {u"sandbox"_s, {u"core"_s, u"http"_s, u"serving"_s, u"azure"_s, u"access"_s}},
        {u"cli"_s, services | QSet<QString>{u"services"_s, u"envfile"_s, u"report"_s, u"print"_s, u"handover"_s, u"lifecycle"_s}},
        {u"ui/models"_s, services | QSet<QString>{u"envfile"_s, u"report"_s}},
        {u"ui"_s, services | QSet<QString>{u"services"_s, u"envfile"_s, u"report"_s, u"print"_s, u"handover"_s, u"lifecycle"_s, u"ui"_s}},
    };
    return table;
}

} // namespace

void LayersTest::everyIncludePointsTheRightWay_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("text");
    for (const Source &source : sourcesUnder(u"app"_s) + sourcesUnder(u"ui"_s)) {
        if (!source.folder.isEmpty()) // app/main.cpp and app/application.* know everybody
            QTest::addRow("%s", qPrintable(source.path)) << source.folder << source.text;
    }
}

void LayersTest::everyIncludePointsTheRightWay()
{
    QFETCH(QString, folder);
    QFETCH(QString, text);
    QVERIFY2(allowed().contains(folder), qPrintable(u"no rule for the folder "_s + folder));
    static const QRegularExpression include(u"^\\s*#\\s*include\\s+\"([a-z]+)/([^\"]*)\""_s,
                                            QRegularExpression::MultilineOption);
    for (auto it = include.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        QString target = match.captured(1);
        if (target == u"ui" && match.captured(2).startsWith(u"models/"))
            target = u"ui/models"_s;
        const bool own = target == folder || (folder == u"ui" && target == u"ui/models");
        QVERIFY2(own || allowed()[folder].contains(target),
                 qPrintable(u"%1 must not include \"%2/%3\""_s.arg(folder, match.captured(1), match.captured(2))));
    }
}

void LayersTest::nothingUnderAppKnowsWidgets()
{
    static const QRegularExpression widget(
        u"#\\s*include\\s+<(QtWidgets|QtGui|QWidget|QApplication|QDialog|QMainWindow|QLabel|QIcon)"_s);
    static const QRegularExpression gui(u"#\\s*include\\s+<QGuiApplication"_s);
    for (const Source &source : sourcesUnder(u"app"_s)) {
        if (source.folder.isEmpty())
            continue;
        QVERIFY2(!source.text.contains(widget), qPrintable(source.path));
        // Pages are laid out by Qt Gui.
        QVERIFY2(source.folder == u"print" || !source.text.contains(gui), qPrintable(source.path));
    }
}

void LayersTest::noSourceOffersToIgnoreTlsErrors()
{
    const QString switchName = u"ignoreSsl"_s + u"Errors"_s;
    for (const Source &source : sourcesUnder(u"app"_s) + sourcesUnder(u"ui"_s))
        QVERIFY2(!source.text.contains(switchName), qPrintable(source.path));
}

namespace {

// The first literal that names a program and takes a value: by %1, or by + behind it.
QString commandByHand(QString text)
{
    static const QRegularExpression comment(u"(^|\\s)//[^\\n]*"_s);
    static const QRegularExpression split(u"\"(_s)?\\s*\\n\\s*u?\""_s); // one literal on several lines
    static const QRegularExpression literal(u"\"((?:[^\"\\\\\\n]|\\\\.)*)\"(?:_s)?(\\s*\\)*\\s*\\+(?!\\s*Core::Command))?"_s);
    static const QRegularExpression program(
        u"(^|[^A-Za-z-])(az (account|ad|role|storage|login|logout|webapp|provider|group|rest|keyvault)\\b|rolescope-cli [a-z]|curl -|openssl [a-z]|systemctl [a-z]|systemd-creds [a-z]|"
        "chmod [0-7]|sudo [a-z]|docker [a-z]|kubectl [a-z]).*"_s);
    static const QRegularExpression place(u"%[1-9]"_s);
    text.remove(comment).replace(split, QString());
    for (auto it = literal.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString command = program.match(match.captured(1)).captured();
        if (!command.isEmpty() && (command.contains(place) || !match.captured(2).isEmpty()))
            return match.captured(1);
    }
    return {};
}

} // namespace

void LayersTest::noCommandIsPutTogetherByHand_data()
{
    QTest::addColumn<QString>("text");
    for (const Source &source : sourcesUnder(u"app"_s) + sourcesUnder(u"ui"_s)) {
        if (!source.path.contains(u"core/commandtext"))
            QTest::addRow("%s", qPrintable(source.path)) << source.text;
    }
}

// Core::Command quotes each word, so that what is printed can be pasted.
void LayersTest::noCommandIsPutTogetherByHand()
{
    QFETCH(QString, text);
    QCOMPARE(commandByHand(text), QString());
}

void LayersTest::findsACommandThatIsPutTogetherByHand_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("found");
    QTest::newRow("a place") << u"u\"az ad sp delete --id %1\"_s.arg(id)"_s << true;
    QTest::newRow("a place behind a sentence") << u"u\"Sign in: rolescope-cli operator sign-in%1\"_s"_s << true;
    QTest::newRow("a sum") << u"u\"az ad app delete --id \"_s + id"_s << true;
    QTest::newRow("on two lines") << u"u\"az ad app \"\n    u\"delete --id %1\"_s"_s << true;
    QTest::newRow("a place before") << u"u\"%1: see az ad app list.\"_s.arg(x)"_s << false;
    QTest::newRow("fixed") << u"u\"Run az account show.\"_s"_s << false;
    QTest::newRow("a comment") << u"// \"az ad app delete %1\""_s << false;
}

void LayersTest::findsACommandThatIsPutTogetherByHand()
{
    QFETCH(QString, text);
    QFETCH(bool, found);
    QCOMPARE(!commandByHand(text).isEmpty(), found);
}

QTEST_GUILESS_MAIN(LayersTest)
#include "tst_layers.moc"
