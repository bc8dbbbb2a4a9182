#include "access/condition.h"

#include "access/conditionnode.h"
#include "access/roleevaluator.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Node = Condition::Node;

namespace {

QString shownValue(const ConditionValue &value)
{
    if (const QString *text = std::get_if<QString>(&value))
        return u'\'' + text->left(200) + u'\'';
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag ? u"true"_s : u"false"_s;
    return QString::number(std::get<double>(value), 'g', 15);
}

QString shownValues(const QList<ConditionValue> &values)
{
    if (values.size() == 1)
        return shownValue(values.first());
    QStringList all;
    for (const ConditionValue &value : values)
        all.append(shownValue(value));
    return u'{' + all.join(u", "_s) + u'}';
}

class Evaluation
{
public:
    explicit Evaluation(const ConditionSubject &subject) : m_subject(subject) {}

    Truth of(const Node &node)
    {
        switch (node.kind) {
        case Node::Kind::And: return all(node);
        case Node::Kind::Or: return any(node);
        case Node::Kind::Not: return negated(node);
        case Node::Kind::ActionMatches: return Truth::of(matchesAction(node.argument, m_subject.action));
        case Node::Kind::SubOperationMatches: return subOperation(node.argument);
        case Node::Kind::Exists: return exists(node.left);
        case Node::Kind::Comparison: return comparison(node);
        }
        return Truth::unknown();
    }

    /// The first reason that stands for \a truth.
    QString why(Truth truth) const { return truth.isCertain() ? (m_against.isEmpty() ? m_open : m_against) : m_open; }

private:
    Truth all(const Node &node)
    {
        Truth together = Truth::holds();
        for (const Node::Pointer &child : node.children)
            together = together & of(*child);
        return together;
    }

    // What did not hold does not matter where something beside it does.
    Truth any(const Node &node)
    {
        const QString against = m_against;
        const QString open = m_open;
        Truth together = Truth::holdsNot();
        for (const Node::Pointer &child : node.children) {
            together = together | of(*child);
            if (together.certainlyHolds()) {
                m_against = against;
                m_open = open;
                break;
            }
        }
        return together;
    }

    Truth negated(const Node &node)
    {
        const QString against = m_against;
        const Node &child = *node.children.first();
        const Truth inner = of(child);
        if (inner == Truth::holds() || inner == Truth::holdsNot())
            m_against = against;
        if (inner == Truth::holds() && !isGuard(child))
            note(m_against, u"The term that the condition negates holds (character %1)."_s.arg(node.position));
        return !inner;
    }

    static bool isGuard(const Node &node)
    {
        return node.kind == Node::Kind::ActionMatches || node.kind == Node::Kind::SubOperationMatches
            || std::any_of(node.children.cbegin(), node.children.cend(), [](const Node::Pointer &child) { return isGuard(*child); });
    }

    // conditions-format.md speaks of a pattern, but shows patterns for actions only.
    bool isOpen(const QString &wanted) const
    {
        if (m_subject.mayReadWithTagConditions && wanted.compare(u"Blob.Read.WithTagConditions", Qt::CaseInsensitive) == 0)
            return true;
        return wanted.contains(u'*') && !m_subject.subOperation->isEmpty() && matchesAction(wanted, *m_subject.subOperation);
    }

    Truth subOperation(const QString &wanted)
    {
        if (m_subject.subOperation && !isOpen(wanted))
            return Truth::of(m_subject.subOperation->compare(wanted, Qt::CaseInsensitive) == 0);
        note(m_open, u"Whether this is the suboperation %1 is not known."_s.arg(wanted));
        return Truth::eitherWay();
    }

    Truth exists(const ConditionOperand &operand)
    {
        const AttributeValue value = lookUp(operand);
        if (value.state == AttributeValue::State::Unknown) {
            note(m_open, value.why);
            return Truth::eitherWay();
        }
        const bool present = value.state == AttributeValue::State::Present;
        if (!present)
            note(m_against, u"There is no %1."_s.arg(operand.shown()));
        return Truth::of(present);
    }

    Truth comparison(const Node &node)
    {
        const AttributeValue left = lookUp(node.left);
        const AttributeValue right = lookUp(node.right);
        for (const auto *side : {&left, &right}) {
            if (side->state == AttributeValue::State::Absent) {
                note(m_against, side->why);
                return Truth::fails();
            }
        }
        for (const auto *side : {&left, &right}) {
            if (side->state == AttributeValue::State::Unknown) {
                note(m_open, side->why);
                return Truth::unknown();
            }
        }
        QString open = unsupported(node);
        const Truth truth = open.isEmpty() ? node.by.relates(left.values, right.values, &open) : Truth::unknown();
        if (!truth.isCertain())
            note(m_open, u"%1 (character %2)"_s.arg(open).arg(node.position));
        else if (!truth.certainlyHolds())
            note(m_against, u"%1 is %2; the condition wants %3 %4."_s.arg(shownSide(node.left, u"The value"_s), shownValues(left.values),
                                                                         node.by.name, shownSide(node.right, shownValues(right.values))));
        return truth;
    }

    static QString shownSide(const ConditionOperand &operand, const QString &otherwise)
    {
        return operand.isAttribute ? operand.shown() : otherwise;
    }

    // storage-auth-abac-attributes.md offers two operators for the time of the request.
    static QString unsupported(const Node &node)
    {
        const bool isNow = node.left.isAttribute && node.left.source == AttributeSource::Environment
            && node.left.name.compare(u"UtcNow"_s, Qt::CaseInsensitive) == 0;
        using Relation = ConditionOperator::Relation;
        if (isNow && node.by.relation != Relation::Greater && node.by.relation != Relation::Less)
            return u"UtcNow is documented with DateTimeGreaterThan and DateTimeLessThan only, not with %1."_s.arg(node.by.name);
        return {};
    }

    AttributeValue lookUp(const ConditionOperand &operand) const
    {
        if (!operand.isAttribute)
            return {AttributeValue::State::Present, operand.values, {}};
        // The form of 2021: @Request[subOperation] ForAnyOfAnyValues:StringEqualsIgnoreCase {'Blob.Read.WithTagConditions'}
        if (operand.source == AttributeSource::Request && operand.name.compare(u"subOperation"_s, Qt::CaseInsensitive) == 0) {
            if (m_subject.subOperation && !m_subject.mayReadWithTagConditions)
                return {AttributeValue::State::Present, {*m_subject.subOperation}, {}};
            return {AttributeValue::State::Unknown, {}, u"The suboperation is not known."_s};
        }
        AttributeValue value = m_subject.attribute ? m_subject.attribute(operand.source, operand.name) : AttributeValue{};
        if (value.why.isEmpty()) {
            value.why = value.state == AttributeValue::State::Absent
                ? u"There is no %1, which the condition asks for."_s.arg(operand.shown())
                : u"%1 is not known."_s.arg(operand.shown());
        }
        return value;
    }

    static void note(QString &place, const QString &why)
    {
        if (place.isEmpty())
            place = why;
    }

    const ConditionSubject &m_subject;
    QString m_against; // the first reason for not holding
    QString m_open;    // the first reason for not knowing
};

void collectAttributes(const Node &node, QStringList *names)
{
    for (const Node::Pointer &child : node.children)
        collectAttributes(*child, names);
    for (const ConditionOperand *operand : {&node.left, &node.right}) {
        if (operand->isAttribute && !names->contains(operand->shown()))
            names->append(operand->shown());
    }
}

} // namespace

QString attributeSourceName(AttributeSource source)
{
    switch (source) {
    case AttributeSource::Resource: return u"@Resource"_s;
    case AttributeSource::Request: return u"@Request"_s;
    case AttributeSource::Environment: return u"@Environment"_s;
    case AttributeSource::Principal: return u"@Principal"_s;
    }
    return {};
}

QString ConditionOperand::shown() const
{
    return attributeSourceName(source) + u'[' + name + u']';
}

Core::Result<Condition> Condition::parse(const QString &text)
{
    Core::Result<Node::Pointer> root = parseCondition(text);
    if (!root)
        return root.error();
    return Condition(*root);
}

ConditionOutcome Condition::evaluate(const ConditionSubject &subject) const
{
    Evaluation evaluation(subject);
    const Truth truth = evaluation.of(*m_root);
    return {truth, truth.certainlyHolds() ? QString() : evaluation.why(truth)};
}

QStringList Condition::attributes() const
{
    QStringList names;
    collectAttributes(*m_root, &names);
    return names;
}

} // namespace Access
