#pragma once

#include "access/condition.h"

namespace Access {

/// One side of a comparison: an attribute, or literal values.
struct ConditionOperand {
    bool isAttribute = false;
    AttributeSource source = AttributeSource::Resource;
    QString name;
    QList<ConditionValue> values;

    QString shown() const; ///< an attribute as in the condition's text
};

struct Condition::Node {
    using Pointer = std::shared_ptr<const Node>;
    enum class Kind { And, Or, Not, ActionMatches, SubOperationMatches, Exists, Comparison };

    Kind kind = Kind::And;
    QList<Pointer> children;    ///< of And, Or (two and more) and Not (one)
    QString argument;           ///< of ActionMatches and SubOperationMatches
    ConditionOperand left;      ///< of Exists and Comparison
    ConditionOperator by;
    ConditionOperand right;
    qsizetype position = 0;     ///< in the text, from 1
};

/// The tree of a condition's text. Errors: as Condition::parse().
Core::Result<Condition::Node::Pointer> parseCondition(const QString &text);

} // namespace Access
