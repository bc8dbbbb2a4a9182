#include "access/contract.h"
#include "access/probeplan.h"
#include "access/verdict.h"
#include "access/yamlnode.h"

#include <QHash>
#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace Access {

using namespace Qt::StringLiterals;
using Kind = YamlNode::Kind;

namespace {

constexpr qsizetype shown = 60; // of a user's word in a message

qsizetype distance(const QString &one, const QString &other)
{
    QList<qsizetype> row(other.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 1; i <= one.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (qsizetype j = 1; j <= other.size(); ++j) {
            const qsizetype replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.last();
}

QString nearest(const QString &word, const QStringList &known)
{
    const QString start = word.left(shown).toLower();
    return *std::min_element(known.cbegin(), known.cend(), [&](const QString &one, const QString &other) {
        return distance(start, one.toLower()) < distance(start, other.toLower());
    });
}

bool stands(const Probe &probe, bool account)
{
    return (probe.level == Probe::Level::Account) == account;
}

QString operationName(quint64 bits)
{
    return defaultProbes()[std::countr_zero(bits)].operation;
}

// The operations that a pattern covers, a bit for each of defaultProbes().
quint64 operationBits(const QString &pattern, bool account)
{
    quint64 bits = 0;
    for (qsizetype i = 0; i < defaultProbes().size(); ++i) {
        const Probe &probe = defaultProbes()[i];
        if (stands(probe, account) && matchesAction(pattern, probe.operation))
            bits |= quint64(1) << i;
    }
    return bits;
}

/// Keeps the first error; what is read after it does not matter.
class Reader
{
public:
    Contract contract;
    std::optional<Core::Error> error;

    void read(const YamlNode &root);

private:
    struct Asked {
        quint64 must = 0;
        quint64 mustNot = 0;
        int line = 0;
    };

    void fail(const YamlNode &at, const QString &message, const QString &nextStep);
    bool checkKeys(const YamlNode &map, const QStringList &known);
    const YamlNode *value(const YamlNode &map, const QString &key) const;
    QString text(const YamlNode *node, const QString &key);
    QStringList texts(const YamlNode *node, const QString &key);
    void readRule(const YamlNode &node);
    bool readAccount(const YamlNode *node);
    quint64 readOperations(const YamlNode *node, bool account, quint64 forbidden);
    void explainOperation(const YamlNode &item, bool account);
    void checkPlaces(const YamlNode &node, const Contract::Rule &rule, const Asked &asked);

    QHash<QString, Asked> m_places;
};

void Reader::fail(const YamlNode &at, const QString &message, const QString &nextStep)
{
    if (!error)
        error = yamlError(at.line, at.column, message, nextStep);
}

bool Reader::checkKeys(const YamlNode &map, const QStringList &known)
{
    if (map.kind != Kind::Map) {
        fail(map, u"Keys with values are needed here."_s, u"Known keys: %1."_s.arg(known.join(u", "_s)));
        return false;
    }
    for (const YamlNode &key : map.keys) {
        if (!known.contains(key.text))
            fail(key, u"\"%1\" is no key that is known here."_s.arg(key.text.left(shown)),
                 u"Did you mean \"%1\"? Known keys: %2."_s.arg(nearest(key.text, known), known.join(u", "_s)));
    }
    return !error;
}

const YamlNode *Reader::value(const YamlNode &map, const QString &key) const
{
    for (qsizetype i = 0; i < map.keys.size(); ++i) {
        if (map.keys[i].text == key)
            return &map.items[i];
    }
    return nullptr;
}

QString Reader::text(const YamlNode *node, const QString &key)
{
    if (node && (node->kind != Kind::Scalar || node->text.isEmpty()))
        fail(*node, u"\"%1\" needs one text."_s.arg(key), u"Write a text after it, or remove the key."_s);
    return node ? node->text : QString();
}

QStringList Reader::texts(const YamlNode *node, const QString &key)
{
    if (!node)
        return {};
    if (node->kind != Kind::Sequence || node->items.isEmpty())
        fail(*node, u"\"%1\" needs a list with at least one entry."_s.arg(key), u"Write it as [one, two], or remove the key."_s);
    QStringList list;
    for (const YamlNode &item : node->items) {
        if (item.kind != Kind::Scalar || item.text.isEmpty())
            fail(item, u"An entry of \"%1\" must be a text."_s.arg(key), u"Write it as [one, two]; put the word null in quotes."_s);
        list.append(item.text);
    }
    return list;
}

bool Reader::readAccount(const YamlNode *node)
{
    if (!node)
        return false;
    const QString word = node->text.toLower();
    if (node->kind != Kind::Scalar || (word != u"true" && word != u"false"))
        fail(*node, u"\"account\" of a rule is true or false."_s,
             u"Write account: true for the account's own row; its address stands above the rules."_s);
    return word == u"true";
}

void Reader::explainOperation(const YamlNode &item, bool account)
{
    QStringList known;
    for (const Probe &probe : defaultProbes()) {
        if (stands(probe, account))
            known.append(probe.operation);
    }
    const QString word = item.text.left(shown);
    const QString next = u"The nearest operation of such a rule is \"%1\"."_s.arg(nearest(item.text, known));
    if (operationBits(item.text, !account) != 0 && account)
        fail(item, u"\"%1\" is of a container, but the rule is about the account."_s.arg(word),
             next + u" Or put it into a rule with containers."_s);
    else if (operationBits(item.text, !account) != 0)
        fail(item, u"\"%1\" is of the account, but the rule is about containers."_s.arg(word),
             next + u" Or put it into a rule with account: true."_s);
    else if (item.text.contains(u'*'))
        fail(item, u"The pattern \"%1\" covers no operation."_s.arg(word), next);
    else
        fail(item, u"\"%1\" is no operation."_s.arg(word), next);
}

quint64 Reader::readOperations(const YamlNode *node, bool account, quint64 forbidden)
{
    quint64 all = 0;
    for (const YamlNode &item : node ? node->items : QList<YamlNode>()) {
        const quint64 bits = operationBits(item.text, account);
        if (bits == 0)
            explainOperation(item, account);
        else if ((bits & forbidden) != 0)
            fail(item, u"\"%1\" stands in must and in mustNot."_s.arg(operationName(bits & forbidden)), u"Keep one of them."_s);
        all |= bits;
        if (error)
            break;
    }
    return all;
}

void Reader::checkPlaces(const YamlNode &node, const Contract::Rule &rule, const Asked &asked)
{
    for (const QString &place : rule.account ? QStringList{QString()} : rule.containers) {
        Asked &before = m_places[place.toLower()];
        const quint64 both = (before.must & asked.mustNot) | (before.mustNot & asked.must);
        if (both != 0) {
            const QString where = rule.account ? u"the account"_s : u'"' + place.left(shown) + u'"';
            fail(node, u"For %1, this rule and the one in line %2 ask the opposite about \"%3\"."_s.arg(
                           where, QString::number(before.line), operationName(both)),
                 u"Keep one of them."_s);
            return;
        }
        before = {before.must | asked.must, before.mustNot | asked.mustNot, rule.line};
    }
}

void Reader::readRule(const YamlNode &node)
{
    if (!checkKeys(node, {u"account"_s, u"containers"_s, u"must"_s, u"mustNot"_s}))
        return;
    const YamlNode *must = value(node, u"must"_s);
    const YamlNode *mustNot = value(node, u"mustNot"_s);
    Contract::Rule rule{.account = readAccount(value(node, u"account"_s)),
                        .containers = texts(value(node, u"containers"_s), u"containers"_s),
                        .must = texts(must, u"must"_s),
                        .mustNot = texts(mustNot, u"mustNot"_s),
                        .line = node.line};
    if (rule.account && !rule.containers.isEmpty())
        fail(node, u"The rule is about the account and about containers at once."_s, u"Make two rules of it."_s);
    else if (!rule.account && rule.containers.isEmpty())
        fail(node, u"The rule does not say what it is about."_s, u"Add account: true, or containers: with a list of names."_s);
    else if (rule.must.isEmpty() && rule.mustNot.isEmpty())
        fail(node, u"The rule asks for nothing."_s, u"Add must: or mustNot: with a list of operations."_s);
    if (error)
        return;
    Asked asked{.line = rule.line};
    asked.must = readOperations(must, rule.account, 0);
    asked.mustNot = readOperations(mustNot, rule.account, asked.must);
    checkPlaces(node, rule, asked);
    contract.rules.append(rule);
}

void Reader::read(const YamlNode &root)
{
    if (!checkKeys(root, {u"principal"_s, u"account"_s, u"rules"_s}))
        return;
    contract.principal = text(value(root, u"principal"_s), u"principal"_s);
    contract.account = text(value(root, u"account"_s), u"account"_s);
    const YamlNode *rules = value(root, u"rules"_s);
    if (!rules || rules->kind != Kind::Sequence) {
        fail(rules ? *rules : root, u"A list of rules is needed."_s,
             u"Add rules: and below it a rule that begins with \"- account: true\" or \"- containers: [name]\"."_s);
        return;
    }
    for (const YamlNode &rule : rules->items) {
        if (!error)
            readRule(rule);
    }
}

} // namespace

Core::Result<Contract> Contract::parse(const QByteArray &yaml)
{
    const Core::Result<YamlNode> root = readYaml(yaml);
    if (!root)
        return root.error();
    Reader reader;
    reader.read(*root);
    if (reader.error)
        return *reader.error;
    return reader.contract;
}

} // namespace Access
