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
    void findsUncheckedResults_data();
    void findsUncheckedResults();
    void noResultIsUsedUnchecked();
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
        {u"identity"_s, {u"core"_s, u"envfile"_s, u"http"_s}},
        {u"handover"_s, {u"core"_s, u"envfile"_s, u"http"_s, u"serving"_s, u"identity"_s}},
        {u"vault"_s, {u"core"_s, u"identity"_s}},
        {u"azure"_s, {u"core"_s, u"http"_s, u"identity"_s}},
        {u"storage"_s, {u"core"_s, u"http"_s, u"identity"_s}},
        {u"access"_s, {u"core"_s, u"http"_s, u"identity"_s, u"azure"_s, u"storage"_s}},
        {u"report"_s, {u"core"_s, u"access"_s}},
        {u"lifecycle"_s, {u"core"_s, u"http"_s, u"identity"_s, u"vault"_s, u"azure"_s, u"envfile"_s}},
        {u"print"_s, {u"core"_s, u"access"_s, u"report"_s}},
        {u"services"_s, services | QSet<QString>{u"lifecycle"_s, u"serving"_s}},
        {u"sandbox"_s, {u"core"_s, u"http"_s, u"serving"_s, u"azure"_s, u"access"_s}},
        {u"cli"_s, services | QSet<QString>{u"services"_s, u"envfile"_s, u"report"_s, u"print"_s, u"handover"_s, u"lifecycle"_s}},
        {u"ui/models"_s, services | QSet<QString>{u"envfile"_s, u"report"_s}},
        {u"ui"_s, services | QSet<QString>{u"services"_s, u"envfile"_s, u"report"_s, u"print"_s, u"handover"_s, u"lifecycle"_s, u"ui"_s}},
    };
    return table;
}

const QString resultType = u"\\bResult<(?:[^<>;(){}]|<(?:[^<>;]|<[^<>;]*>)*>)*>"_s;

QString withoutTextAndComments(QString source)
{
    static const QRegularExpression text(u"\"(?:\\\\.|[^\"\\\\\\n])*\"|//[^\\n]*"_s);
    return source.replace(text, u" "_s);
}

/// The functions that \a sources declare to return a Result.
QSet<QString> functionsWithResult(const QList<Source> &sources)
{
    static const QRegularExpression declaration(resultType + u"\\s+(?:\\w+::)*(\\w+)\\("_s);
    QSet<QString> names;
    for (const Source &source : sources) {
        for (auto it = declaration.globalMatch(withoutTextAndComments(source.text)); it.hasNext();)
            names.insert(it.next().captured(1));
    }
    return names;
}

/// What follows \a from up to the end of the block that it is in, or that begins there.
QString restOfBlock(const QString &code, qsizetype from, bool begins)
{
    int depth = 0;
    for (qsizetype at = from; at < code.size(); ++at) {
        if (code[at] == u'{')
            ++depth;
        if (code[at] == u'}' && (--depth < 0 || (begins && depth == 0)))
            return code.mid(from, at - from);
    }
    return code.mid(from);
}

/// "line: name" of each Result in \a source that is dereferenced where it is made, or whose first
/// use is a dereference. \a functions are those that return one.
QStringList uncheckedResults(const QString &source, const QSet<QString> &functions)
{
    const QString code = withoutTextAndComments(source);
    QStringList found;
    const auto report = [&](qsizetype at, const QString &name) {
        found.append(u"%1: %2"_s.arg(code.first(at).count(u'\n') + 1).arg(name));
    };
    static const QRegularExpression direct(
        u"(?:[=(,!?]|\\breturn)\\s*\\*\\s*(?:\\w+(?:\\.|->|::))*(\\w+)\\("_s);
    for (auto it = direct.globalMatch(code); it.hasNext();) {
        const auto match = it.next();
        if (functions.contains(match.captured(1)))
            report(match.capturedStart(1), match.captured(1));
    }
    static const QRegularExpression variable(
        u"(?:(%1)|\\bauto)\\s*&?&?\\s*(\\w+)\\s*([=)])"_s.arg(resultType));
    static const QRegularExpression call(u"\\G\\s*(?:\\w+(?:\\.|->|::))*(\\w+)\\s*\\("_s);
    static const QRegularExpression inCondition(
        u"\\b(?:if|while)\\s*\\((?:const\\s+)?(?:\\w+::)*$"_s);
    for (auto it = variable.globalMatch(code); it.hasNext();) {
        const auto match = it.next();
        const bool named = !match.captured(1).isEmpty();
        const bool parameter = match.captured(3) == u")";
        qsizetype from = match.capturedEnd();
        if (parameter && !named)
            continue;
        if (!parameter) {
            if (!named && !functions.contains(call.match(code, from).captured(1)))
                continue;
            if (inCondition
                    .match(code.mid(std::max<qsizetype>(0, match.capturedStart() - 40),
                                    std::min<qsizetype>(40, match.capturedStart())))
                    .hasMatch())
                continue; // the condition is the check
            from = code.indexOf(u';', from);
        }
        const QString rest = restOfBlock(code, std::max<qsizetype>(from, 0), parameter);
        const QRegularExpression use(u"(?<![\\w.>:])%1\\b(?!\\()"_s.arg(match.captured(2)));
        const auto first = use.match(rest);
        if (!first.hasMatch())
            continue;
        static const QRegularExpression star(u"(?:^|[^\\w)\\]\\s*]|\\breturn)\\s*\\*\\s*$"_s);
        static const QRegularExpression arrow(u"^(?:->|\\.value\\(\\))"_s);
        if (star.match(rest.first(first.capturedStart())).hasMatch() ||
            arrow.match(rest.mid(first.capturedEnd())).hasMatch())
            report(match.capturedStart(2), match.captured(2));
    }
    return found;
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

void LayersTest::findsUncheckedResults_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("unchecked");
    QTest::newRow("a call") << u"const Scope s = *Azure::Scope::parse(id);"_s << true;
    QTest::newRow("a call in an argument") << u"f(a, *Scope::parse(id));"_s << true;
    QTest::newRow("a returned call") << u"return *Scope::parse(id);"_s << true;
    QTest::newRow("a variable") << u"const auto s = Scope::parse(id);\nf(t, *s);"_s << true;
    QTest::newRow("an arrow") << u"const auto s = Scope::parse(id);\nf(s->id());"_s << true;
    QTest::newRow("value()") << u"const auto s = Scope::parse(id);\nf(s.value());"_s << true;
    QTest::newRow("another name") << u"const Core::Result<QList<int>> s = g();\nreturn *s;"_s
                                  << true;
    QTest::newRow("a parameter") << u"[](const Result<int> &s) { f(*s); }"_s << true;
    QTest::newRow("checked before")
        << u"const auto s = Scope::parse(id);\nif (!s) return;\nf(*s);"_s << false;
    QTest::newRow("checked beside")
        << u"const auto s = Scope::parse(id);\nf(s ? *s : t);"_s << false;
    QTest::newRow("checked where it is made")
        << u"if (const auto s = Scope::parse(id)) f(*s);"_s << false;
    QTest::newRow("a checked parameter")
        << u"[](const Result<int> &s) { if (s) f(*s); }"_s << false;
    QTest::newRow("a product") << u"const auto s = Scope::parse(id);\nf(2 * s);"_s << false;
    QTest::newRow("in a comment") << u"// = *Scope::parse(id)"_s << false;
}

void LayersTest::findsUncheckedResults()
{
    QFETCH(QString, code);
    QTEST(!uncheckedResults(code, {u"parse"_s}).isEmpty(), "unchecked");
}

// An unchecked dereference of a failed Result ends the process.
void LayersTest::noResultIsUsedUnchecked()
{
    const QList<Source> sources = sourcesUnder(u"app"_s) + sourcesUnder(u"ui"_s);
    const QSet<QString> functions = functionsWithResult(sources);
    QVERIFY(functions.contains(u"parse"_s));
    QStringList found;
    for (const Source &source : sources) {
        for (const QString &one : uncheckedResults(source.text, functions))
            found.append(source.path + u':' + one);
    }
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

QTEST_GUILESS_MAIN(LayersTest)
#include "tst_layers.moc"
