#include "identity/pastedgroups.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <yaml-cpp/yaml.h>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr int maxDepth = 60;
constexpr int maxNodes = 50'000; // an alias in YAML makes a large tree of a small text

class TreeReader final
{
public:
    QList<PastedGroup> groups;

    void read(const QJsonValue &node, int depth = 0)
    {
        if (depth > maxDepth || ++m_nodes > maxNodes)
            return;
        if (node.isObject())
            readObject(node.toObject(), depth);
        else if (node.isArray())
            readArray(node.toArray(), depth);
        else if (node.isString())
            readText(node.toString(), depth);
    }

private:
    void readObject(QJsonObject object, int depth)
    {
        if (object[u"kind"].toString() == u"Secret" && object[u"data"].isObject())
            object[u"data"_s] = decoded(object[u"data"].toObject());
        PastedGroup group;
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (const auto name = credentialName(it.key()); name && isScalar(it.value()))
                group.append({it.key(), *name, textOf(it.value()), {}});
            else
                read(it.value(), depth + 1);
        }
        add(group);
    }

    void readArray(const QJsonArray &array, int depth)
    {
        PastedGroup group; // of {"name", "value"} and of "NAME=value"
        for (const QJsonValue &item : array) {
            if (!addVariable(item.toObject(), group) && !addAssignment(item.toString(), group))
                read(item, depth + 1);
        }
        add(group);
    }

    // A text in the tree may be a whole file, as in a ConfigMap or in AZURE_CREDENTIALS of a workflow.
    void readText(const QString &text, int depth)
    {
        if (text.size() < 40 || m_nested)
            return;
        m_nested = true;
        if (text.trimmed().startsWith(u'{')) {
            const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
            if (document.isObject())
                read(document.object(), depth + 1);
        } else if (text.contains(u'\n')) {
            groups += groupsOfLines(text);
        }
        m_nested = false;
    }

    static bool addVariable(const QJsonObject &item, PastedGroup &group)
    {
        for (const auto &[nameKey, valueKey] :
             {std::pair(u"name"_s, u"value"_s), std::pair(u"Name"_s, u"Value"_s), std::pair(u"key"_s, u"value"_s)}) {
            const auto name = credentialName(item[nameKey].toString());
            if (!name || name->generic)
                continue;
            if (item.contains(valueKey) && isScalar(item[valueKey]))
                group.append({item[nameKey].toString(), *name, textOf(item[valueKey]), {}});
            else if (item.size() > 1)
                group.append({item[nameKey].toString(), *name, {}, u"is a reference to a value that is kept elsewhere. Give the value itself."_s});
            return true;
        }
        return false;
    }

    static bool addAssignment(const QString &item, PastedGroup &group)
    {
        const qsizetype equals = item.indexOf(u'=');
        const auto name = equals > 0 ? credentialName(QStringView(item).first(equals)) : std::nullopt;
        if (name)
            group.append({item.first(equals), *name, item.mid(equals + 1), {}});
        return name.has_value();
    }

    static QJsonObject decoded(QJsonObject data)
    {
        for (auto it = data.begin(); it != data.end(); ++it) {
            const auto bytes = QByteArray::fromBase64Encoding(it.value().toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
            QString text = bytes ? QString::fromUtf8(*bytes) : QString();
            if (text.endsWith(u'\n'))
                text.chop(1);
            it.value() = text;
        }
        return data;
    }

    static bool isScalar(const QJsonValue &value) { return !value.isObject() && !value.isArray(); }
    static QString textOf(const QJsonValue &value) { return value.isString() ? value.toString() : value.toVariant().toString(); }

    void add(const PastedGroup &group)
    {
        if (!group.isEmpty())
            groups.append(group);
    }

    int m_nodes = 0;
    bool m_nested = false;
};

// JSON as people keep it: without comments and without commas before a closing bracket.
QByteArray strict(const QByteArray &json)
{
    QByteArray plain;
    plain.reserve(json.size());
    bool inText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inText) {
            plain += c;
            if (c == '\\' && i + 1 < json.size())
                plain += json[++i];
            else if (c == '"')
                inText = false;
        } else if (c == '/' && i + 1 < json.size() && json[i + 1] == '/') {
            while (i + 1 < json.size() && json[i + 1] != '\n')
                ++i;
        } else if (c == '/' && i + 1 < json.size() && json[i + 1] == '*') {
            const qsizetype end = json.indexOf("*/", i + 2);
            i = end < 0 ? json.size() : end + 1;
        } else {
            if (c == '}' || c == ']') {
                qsizetype last = plain.size() - 1;
                while (last >= 0 && QByteArrayView(" \t\r\n").contains(plain[last]))
                    --last;
                if (last >= 0 && plain[last] == ',')
                    plain[last] = ' ';
            }
            inText = c == '"';
            plain += c;
        }
    }
    return plain;
}

// Where the value that begins at \a from ends, by its brackets. -1 where it does not.
qsizetype endOfValue(const QByteArray &json, qsizetype from)
{
    int depth = 0;
    bool inText = false;
    for (qsizetype i = from; i < json.size(); ++i) {
        const char c = json[i];
        if (inText) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inText = false;
        } else if (c == '"') {
            inText = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0)
                return i + 1;
        }
    }
    return -1;
}

QJsonValue valueOf(const QJsonDocument &document)
{
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

QJsonValue fromYaml(const YAML::Node &node, int depth, int &nodes)
{
    if (depth > maxDepth || ++nodes > maxNodes)
        return {};
    if (node.IsScalar())
        return QString::fromStdString(node.Scalar());
    if (node.IsSequence()) {
        QJsonArray array;
        for (const YAML::Node &item : node)
            array.append(fromYaml(item, depth + 1, nodes));
        return array;
    }
    if (node.IsMap()) {
        QJsonObject object;
        for (const auto &entry : node) {
            if (entry.first.IsScalar())
                object.insert(QString::fromStdString(entry.first.Scalar()), fromYaml(entry.second, depth + 1, nodes));
        }
        return object;
    }
    return {};
}

} // namespace

Result<QList<PastedGroup>> groupsOfJson(const QString &text)
{
    const QByteArray json = strict(text.toUtf8());
    TreeReader reader;
    QJsonParseError problem;
    bool any = false;
    int tried = 0;
    for (qsizetype at = 0; at < json.size() && tried < 20;) {
        const qsizetype object = json.indexOf('{', at), array = json.indexOf('[', at);
        const qsizetype from = object < 0 || (array >= 0 && array < object) ? array : object;
        if (from < 0)
            break;
        ++tried;
        const qsizetype end = endOfValue(json, from);
        QJsonParseError here;
        const QJsonDocument document = QJsonDocument::fromJson(json.mid(from, end < 0 ? -1 : end - from), &here);
        if (document.isNull()) {
            if (tried == 1) {
                problem = here;
                problem.offset += static_cast<int>(from);
            }
            at = from + 1;
            continue;
        }
        any = true;
        reader.read(valueOf(document));
        at = end;
    }
    if (any)
        return reader.groups;
    if (tried == 0)
        return QList<PastedGroup>();
    const QByteArray before = json.left(problem.offset);
    return Error{.kind = Error::Kind::InvalidInput,
                 .message = u"The JSON ends early or is damaged at line %1, column %2 (%3)."_s.arg(before.count('\n') + 1)
                                .arg(before.size() - before.lastIndexOf('\n'))
                                .arg(problem.errorString()),
                 .code = u"PasteNotUnderstood"_s,
                 .nextStep = u"Copy the whole output, from the first { to the last }."_s};
}

QList<PastedGroup> groupsOfYaml(const QString &text)
{
    // One by one: yaml-cpp 0.7 finds documents without an end in some damaged texts (LoadAll).
    static const QRegularExpression border(u"^---(?:\\s.*)?$"_s, QRegularExpression::MultilineOption);
    constexpr int maxDocuments = 200;
    const QStringList documents = text.split(border, Qt::SkipEmptyParts).mid(0, maxDocuments);
    TreeReader reader;
    try {
        int nodes = 0;
        for (const QString &document : documents)
            reader.read(fromYaml(YAML::Load(document.toStdString()), 0, nodes));
    } catch (const YAML::Exception &) {
        return {};
    }
    return reader.groups;
}

} // namespace Identity
