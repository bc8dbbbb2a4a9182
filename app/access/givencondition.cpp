#include "access/givencondition.h"

namespace Access {

using namespace Qt::StringLiterals;

namespace {

// azure-docs, conditions-overview.md and conditions-format.md: the actions that conditions are documented for.
bool takesConditions(const RequiredPermission &required)
{
    if (!required.isDataAction) {
        return matchesAction(u"Microsoft.Authorization/roleAssignments/write", required.action)
            || matchesAction(u"Microsoft.Authorization/roleAssignments/delete", required.action);
    }
    return matchesAction(u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*", required.action)
        || matchesAction(u"Microsoft.Storage/storageAccounts/queueServices/queues/messages/*", required.action);
}

Verdict verdict(Decision decision, const QString &why)
{
    return {decision, {{{}, {}, {}, why}}};
}

} // namespace

GivenCondition::GivenCondition(const QString &text, const QString &version)
{
    if (text.trimmed().isEmpty())
        return;
    if (!version.isEmpty() && version != u"2.0") {
        m_trouble = u"it is of version %1, and only 2.0 is documented"_s.arg(version.left(20));
        return;
    }
    const Core::Result<Condition> parsed = Condition::parse(text);
    if (parsed)
        m_condition = *parsed;
    else
        m_trouble = parsed.error().message;
}

Verdict GivenCondition::holds(const RequiredPermission &required, const Circumstances &circumstances, const Azure::Scope &scope,
                              const Azure::Scope &assignedAt, const QString &whose) const
{
    if (isNone())
        return {Decision::Allowed, {}};
    if (!m_condition)
        return verdict(Decision::Undecided, u"%1 condition cannot be read: %2."_s.arg(whose, m_trouble));
    const std::optional<std::optional<QString>> sub = circumstances.knownSubOperation();
    // The preview's page counted reading a blob to the suboperation that is deprecated since; whether it still is one is open
    // where the suboperation was not told, but follows from the operation.
    const bool mayReadWithTagConditions = !circumstances.subOperation && sub && !*sub
        && required.action.endsWith(u"/containers/blobs/read", Qt::CaseInsensitive);
    const ConditionSubject subject{required.action, sub ? std::optional(sub->value_or(QString())) : std::nullopt,
                                   [&](AttributeSource source, const QString &name) {
                                       return circumstances.attribute(source, name, scope, assignedAt, required.action);
                                   },
                                   mayReadWithTagConditions};
    const ConditionOutcome outcome = m_condition->evaluate(subject);
    if (outcome.truth.certainlyHolds())
        return {Decision::Allowed, {}};
    if (outcome.truth.mayHold())
        return verdict(Decision::Undecided, u"%1 condition is undecided: %2"_s.arg(whose, outcome.why));
    if (!takesConditions(required)) {
        return verdict(Decision::Undecided, u"%1 condition does not hold, but conditions are not documented for %2."_s.arg(
                                                whose, shortAction(required.action)));
    }
    return verdict(Decision::Denied, u"%1 condition does not hold: %2"_s.arg(whose, outcome.why));
}

} // namespace Access
