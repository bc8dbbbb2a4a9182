#pragma once

#include "access/conditionoperator.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <functional>
#include <memory>

namespace Access {

/// Where an attribute of a condition comes from.
enum class AttributeSource { Resource, Request, Environment, Principal };
QString attributeSourceName(AttributeSource source); ///< "@Resource" …

/// What is known of one attribute.
struct AttributeValue {
    enum class State {
        Present,
        Absent, ///< the request or the resource has none: a check that needs it fails
        Unknown ///< there may be one, but it was not told
    } state = State::Unknown;
    QList<ConditionValue> values; ///< one, or the members of a list
    QString why;                  ///< one sentence, where it is not present
};

/// What a condition is evaluated against.
struct ConditionSubject {
    QString action;                        ///< the permission being asked for
    std::optional<QString> subOperation;   ///< "Blob.List"; empty for none
    std::function<AttributeValue(AttributeSource source, const QString &name)> attribute;
    bool mayReadWithTagConditions = false; ///< no suboperation may mean the deprecated "Blob.Read.WithTagConditions"
};

/// What a condition came to, and why where it does not hold.
struct ConditionOutcome {
    Truth truth = Truth::unknown();
    QString why; ///< one sentence
};

/// A condition of a role assignment, version 2.0 (azure-docs, conditions-format.md), as a tree.
class Condition final
{
public:
    /// Errors: InvalidInput with the position ("… (character 17)") for whatever the documented grammar does not cover: unknown
    /// words, a mixture of AND and OR without parentheses, more than 8 KB.
    static Core::Result<Condition> parse(const QString &text);

    /// An action that no guard targets is left alone. A term whose attribute is absent fails, and so does all that depends
    /// on it.
    ConditionOutcome evaluate(const ConditionSubject &subject) const;

    /// The attributes it names, e.g. "@Resource[Microsoft.Storage/…:path]", in order, each once.
    QStringList attributes() const;

    struct Node; ///< what a condition is made of: condition.cpp and conditionparser.cpp only

private:
    explicit Condition(std::shared_ptr<const Node> root) : m_root(std::move(root)) {}
    std::shared_ptr<const Node> m_root;
};

} // namespace Access
