#include "access/conditionlexer.h"
#include "access/conditionnode.h"

#include <QHash>

namespace Access {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Kind = ConditionToken::Kind;
using Node = Condition::Node;
using Pointer = Node::Pointer;

namespace {

constexpr qsizetype maxBytes = 8 * 1024; // conditions-faq.md
constexpr int maxDepth = 64;

class Parser
{
public:
    explicit Parser(QList<ConditionToken> tokens) : m_tokens(std::move(tokens)) {}

    Result<Pointer> run()
    {
        Result<Pointer> root = expression();
        if (root && !at(Kind::End))
            return unexpected(u"the end, AND or OR"_s);
        return root;
    }

private:
    const ConditionToken &token() const { return m_tokens[m_next]; }
    bool at(Kind kind) const { return token().kind == kind; }
    bool atWord(QLatin1String word) const { return at(Kind::Word) && token().text.compare(word, Qt::CaseInsensitive) == 0; }
    void step() { ++m_next; }

    Error error(const QString &what, qsizetype position) const
    {
        return {Error::Kind::InvalidInput, u"%1 (character %2)"_s.arg(what).arg(position)};
    }

    Error unexpected(const QString &expected) const
    {
        const QString found = at(Kind::End) ? u"the condition ends"_s : u"“%1” stands"_s.arg(token().text.left(40));
        return error(u"%1 where %2 is expected"_s.arg(found, expected), token().position);
    }

    // Terms with one kind of operator between them. What a mixture means the documents leave open.
    Result<Pointer> expression()
    {
        if (++m_depth > maxDepth)
            return error(u"it nests deeper than %1 levels"_s.arg(maxDepth), token().position);
        Result<Pointer> first = term();
        if (!first || !(at(Kind::And) || at(Kind::Or))) {
            --m_depth;
            return first;
        }
        auto node = std::make_shared<Node>();
        node->position = token().position;
        const Kind joint = token().kind;
        node->kind = joint == Kind::And ? Node::Kind::And : Node::Kind::Or;
        node->children.append(*first);
        while (at(Kind::And) || at(Kind::Or)) {
            if (!at(joint))
                return error(u"AND and OR are mixed without parentheses"_s, token().position);
            step();
            Result<Pointer> next = term();
            if (!next)
                return next;
            node->children.append(*next);
        }
        --m_depth;
        return Pointer(node);
    }

    Result<Pointer> term()
    {
        if (at(Kind::Not))
            return negation();
        if (at(Kind::OpenParenthesis)) {
            step();
            Result<Pointer> inner = expression();
            if (inner && !at(Kind::CloseParenthesis))
                return unexpected(u"“)”"_s);
            if (inner)
                step();
            return inner;
        }
        if (atWord("ActionMatches"_L1))
            return function(Node::Kind::ActionMatches);
        if (atWord("SubOperationMatches"_L1))
            return function(Node::Kind::SubOperationMatches);
        if (atWord("Exists"_L1))
            return exists();
        return comparison();
    }

    Result<Pointer> negation()
    {
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::Not;
        node->position = token().position;
        step();
        if (at(Kind::Not))
            return unexpected(u"a term"_s);
        Result<Pointer> inner = term();
        if (!inner)
            return inner;
        node->children.append(*inner);
        return Pointer(node);
    }

    // ActionMatches{'…'}
    Result<Pointer> function(Node::Kind kind)
    {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->position = token().position;
        step();
        if (!at(Kind::OpenBrace))
            return unexpected(u"“{”"_s);
        step();
        if (!at(Kind::String))
            return unexpected(u"a string"_s);
        node->argument = token().text;
        step();
        if (!at(Kind::CloseBrace))
            return unexpected(u"“}”"_s);
        step();
        return Pointer(node);
    }

    Result<Pointer> exists()
    {
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::Exists;
        node->position = token().position;
        step();
        if (!at(Kind::Attribute))
            return unexpected(u"an attribute"_s);
        node->left = attribute();
        return Pointer(node);
    }

    Result<Pointer> comparison()
    {
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::Comparison;
        node->position = token().position;
        Result<ConditionOperand> left = operand();
        if (!left)
            return left.error();
        const std::optional<ConditionOperator> by =
            at(Kind::Word) ? ConditionOperator::named(token().text) : std::nullopt;
        if (!by)
            return unexpected(u"an operator"_s);
        step();
        Result<ConditionOperand> right = operand();
        if (!right)
            return right.error();
        node->left = *left;
        node->by = *by;
        node->right = *right;
        return Pointer(node);
    }

    ConditionOperand attribute()
    {
        static const QHash<QString, AttributeSource> sources{{u"Resource"_s, AttributeSource::Resource},
                                                             {u"Request"_s, AttributeSource::Request},
                                                             {u"Environment"_s, AttributeSource::Environment},
                                                             {u"Principal"_s, AttributeSource::Principal}};
        const ConditionOperand operand{true, sources.value(token().text), token().name, {}};
        step();
        return operand;
    }

    Result<ConditionOperand> operand()
    {
        if (at(Kind::Attribute))
            return attribute();
        if (!at(Kind::OpenBrace)) {
            Result<ConditionValue> single = literal();
            if (!single)
                return single.error();
            return ConditionOperand{false, {}, {}, {*single}};
        }
        ConditionOperand many;
        do {
            step(); // the brace, then the commas
            Result<ConditionValue> one = literal();
            if (!one)
                return one.error();
            many.values.append(*one);
        } while (at(Kind::Comma));
        if (!at(Kind::CloseBrace))
            return unexpected(u"“}” or “,”"_s);
        step();
        return many;
    }

    Result<ConditionValue> literal()
    {
        const QString text = token().text;
        if (at(Kind::String)) {
            step();
            return ConditionValue(text);
        }
        if (!at(Kind::Word))
            return unexpected(u"a value"_s);
        std::optional<ConditionValue> value;
        if (atWord("true"_L1) || atWord("false"_L1))
            value = atWord("true"_L1);
        else if (guidOf(text))
            value = text;
        else if (isInteger(text))
            value = text.toDouble();
        if (!value)
            return unexpected(u"a value"_s);
        step();
        return *value;
    }

    QList<ConditionToken> m_tokens;
    qsizetype m_next = 0;
    int m_depth = 0;
};

} // namespace

Result<Pointer> parseCondition(const QString &text)
{
    if (text.toUtf8().size() > maxBytes)
        return Error{Error::Kind::InvalidInput, u"it is longer than 8 KB (character %1)"_s.arg(maxBytes + 1)};
    Result<QList<ConditionToken>> tokens = tokensOf(text);
    if (!tokens)
        return tokens.error();
    return Parser(*std::move(tokens)).run();
}

} // namespace Access
