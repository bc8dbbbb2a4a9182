#include "access/yamlnode.h"

#include <QSet>
#include <QStringDecoder>
#include <algorithm>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxSize = 1 << 20;
constexpr qsizetype maxDepth = 16;
const QString anchorStands = u"An anchor or alias (& or *) stands here."_s;
const QString anchorNext = u"Write the values out; put a pattern that begins with * in quotes."_s;

/// What this reader refuses where yaml-cpp would not; thrown through yaml-cpp, which knows no other way to stop.
struct Refused final : YAML::Exception {
    Refused(const YAML::Mark &at, QString what, QString next)
        : Exception(at, what.toStdString()), message(std::move(what)), nextStep(std::move(next))
    {
    }
    QString message;
    QString nextStep;
};

/// Turns yaml-cpp's byte columns into characters. Places come nearly in order, so it counts from the last one: a line of a
/// megabyte is not counted again for each of its nodes.
class Columns
{
public:
    explicit Columns(const QByteArray &text) : m_text(text) {}
    int at(const YAML::Mark &mark)
    {
        if (mark.is_null())
            return 1;
        if (mark.line != m_line) {
            m_line = mark.line;
            m_pos = mark.pos - mark.column;
            m_column = 1;
        }
        m_column += mark.pos >= m_pos ? characters(m_pos, mark.pos) : -characters(mark.pos, m_pos);
        m_pos = mark.pos;
        return m_column;
    }

private:
    int characters(qsizetype from, qsizetype to) const
    {
        const auto bytes = QByteArrayView(m_text).sliced(std::min(from, m_text.size()));
        const auto part = bytes.first(std::min(to - from, bytes.size()));
        const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
        return static_cast<int>(part.size() - std::count_if(part.begin(), part.end(), continues));
    }

    const QByteArray &m_text;
    int m_line = -1;
    int m_pos = 0;
    int m_column = 1;
};

class Composer final : public YAML::EventHandler
{
public:
    explicit Composer(const QByteArray &text) : m_columns(text) {}
    YamlNode root;

    void OnDocumentStart(const YAML::Mark &mark) override
    {
        if (m_documents++ > 0)
            throw Refused(mark, u"A second document begins here."_s, u"Keep one contract in one file."_s);
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t) override { add(node(mark, YamlNode::Kind::Null), mark); }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override { refuseAnchor(mark); }
    void OnAnchor(const YAML::Mark &mark, const std::string &) override { refuseAnchor(mark); }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t, const std::string &value) override
    {
        refuseTag(mark, tag);
        YamlNode scalar = node(mark, YamlNode::Kind::Scalar);
        scalar.text = QString::fromStdString(value);
        add(std::move(scalar), mark);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        open(mark, tag, YamlNode::Kind::Sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        open(mark, tag, YamlNode::Kind::Map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        YAML::Mark mark;
        QSet<QString> keys;
    };

    YamlNode node(const YAML::Mark &mark, YamlNode::Kind kind)
    {
        return {kind, {}, {}, {}, mark.line + 1, m_columns.at(mark)};
    }
    static void refuseAnchor(const YAML::Mark &mark)
    {
        throw Refused(mark, anchorStands, anchorNext);
    }
    static void refuseTag(const YAML::Mark &mark, const std::string &tag)
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Refused(mark, u"A tag (!) stands here."_s, u"Remove it; put text that begins with ! in quotes."_s);
    }
    void open(const YAML::Mark &mark, const std::string &tag, YamlNode::Kind kind)
    {
        refuseTag(mark, tag);
        if (static_cast<qsizetype>(m_open.size()) == maxDepth)
            throw Refused(mark, u"This is nested more than %1 deep."_s.arg(maxDepth), u"Look for brackets that are not closed."_s);
        m_open.push_back({node(mark, kind), mark, {}});
    }
    void close()
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        add(std::move(done.node), done.mark);
    }
    void add(YamlNode node, const YAML::Mark &mark)
    {
        if (m_open.empty()) {
            root = std::move(node);
            return;
        }
        Open &into = m_open.back();
        if (into.node.kind == YamlNode::Kind::Map && into.node.keys.size() == into.node.items.size())
            addKey(into, std::move(node), mark);
        else
            into.node.items.append(std::move(node));
    }
    static void addKey(Open &into, YamlNode key, const YAML::Mark &mark)
    {
        if (key.kind != YamlNode::Kind::Scalar)
            throw Refused(mark, u"A key must be a word."_s, u"Write it as \"key: value\"."_s);
        if (into.keys.contains(key.text))
            throw Refused(mark, u"The key \"%1\" stands here a second time."_s.arg(key.text.left(60)), u"Keep one of them."_s);
        into.keys.insert(key.text);
        into.node.keys.append(std::move(key));
    }

    Columns m_columns;
    std::vector<Open> m_open;
    int m_documents = 0;
};

bool isControl(QChar c)
{
    return c.category() == QChar::Other_Control && c != u'\t';
}

std::optional<Core::Error> checkLine(const QByteArray &bytes, int line)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(bytes);
    const auto column = [&](qsizetype index) { return static_cast<int>(text.left(index).toUcs4().size()) + 1; };
    if (decoder.hasError())
        return yamlError(line, column(text.indexOf(QChar::ReplacementCharacter)), u"This is no UTF-8."_s, u"Save the file as UTF-8."_s);
    const auto control = std::find_if(text.cbegin(), text.cend(), isControl);
    if (control != text.cend())
        return yamlError(line, column(control - text.cbegin()),
                         u"A control character (U+%1) stands here."_s.arg(control->unicode(), 4, 16, QChar(u'0')),
                         u"Remove it; the file must be plain text in UTF-8."_s);
    const auto first = std::find_if(text.cbegin(), text.cend(), [](QChar c) { return c != u' '; });
    if (first != text.cend() && *first == u'\t' && !text.trimmed().isEmpty())
        return yamlError(line, column(first - text.cbegin()), u"The line is indented with a tab, which YAML does not take."_s,
                         u"Indent with spaces."_s);
    return std::nullopt;
}

Core::Error problem(const QByteArray &text, const YAML::Exception &exception)
{
    const int line = std::max(exception.mark.line + 1, 1);
    const int column = Columns(text).at(exception.mark);
    // An alias that points nowhere (a pattern without quotes) yaml-cpp refuses itself.
    if (exception.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR) || exception.msg == YAML::ErrorMsg::ALIAS_NOT_FOUND)
        return yamlError(line, column, anchorStands, anchorNext);
    return yamlError(line, column, u"This is no YAML: %1."_s.arg(QString::fromStdString(exception.msg)),
                     u"Check brackets, quotes, colons and indentation there and just before."_s);
}

Core::Result<YamlNode> compose(const QByteArray &text)
{
    Composer composer(text);
    try {
        // yaml-cpp takes an open quote for closed at the end of the text; an end of document in it, it refuses.
        std::istringstream stream(text.toStdString() + (text.endsWith('\n') ? "...\n" : "\n...\n"));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(composer)) {
        }
    } catch (const Refused &refused) {
        return yamlError(refused.mark.line + 1, Columns(text).at(refused.mark), refused.message, refused.nextStep);
    } catch (const YAML::Exception &exception) {
        return problem(text, exception);
    }
    return composer.root;
}

} // namespace

Core::Error yamlError(int line, int column, const QString &message, const QString &nextStep)
{
    return {.kind = Core::Error::Kind::InvalidInput,
            .message = u"Line %1, column %2: %3"_s.arg(line).arg(column).arg(message),
            .nextStep = nextStep};
}

Core::Result<YamlNode> readYaml(const QByteArray &text)
{
    if (text.size() > maxSize)
        return yamlError(1, 1, u"The text is larger than 1 MiB."_s, u"Check that it is the right file."_s);
    QByteArray plain = text.startsWith("\xEF\xBB\xBF") ? text.mid(3) : text;
    plain.replace("\r\n", "\n").replace('\r', '\n');
    int line = 0;
    for (const QByteArray &bytes : plain.split('\n')) {
        if (const auto error = checkLine(bytes, ++line))
            return *error;
    }
    return compose(plain);
}

QString yamlScalar(const QString &text)
{
    static const QSet<QString> words{u"null"_s, u"true"_s, u"false"_s, u"yes"_s, u"no"_s, u"on"_s, u"off"_s, u"y"_s, u"n"_s};
    const auto isLetter = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); };
    const auto isPlain = [&](QChar c) { return isLetter(c) || (c >= u'0' && c <= u'9') || c == u'.' || c == u'-' || c == u'_'; };
    if (!text.isEmpty() && isLetter(text[0]) && std::all_of(text.cbegin(), text.cend(), isPlain) && !words.contains(text.toLower()))
        return text;
    QString quoted = u"\""_s;
    for (const QChar c : text) {
        const QChar::Category category = c.category();
        const bool unseen = category == QChar::Other_Control || category == QChar::Other_Format || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph || c >= QChar(0xFFFE);
        if (c == u'"' || c == u'\\')
            quoted += u'\\';
        if (unseen)
            quoted += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            quoted += c;
    }
    return quoted + u'"';
}

} // namespace Access
