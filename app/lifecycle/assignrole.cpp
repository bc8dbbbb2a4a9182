#include "lifecycle/assignrole.h"

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Core::Error;
using Core::Result;
using Identity::AccessToken;

struct AssignRole::Private
{
    Parts parts;
    Identity::Cloud cloud;
    Azure::NewAssignment wanted;
    Azure::ArmClient arm;
    Outcome outcome;
};

AssignRole::AssignRole(Parts parts, Identity::Cloud cloud, Azure::NewAssignment wanted,
                       QObject *parent)
    : QObject(parent)
    , d(new Private{parts, cloud, std::move(wanted), Azure::ArmClient(parts.transport, cloud), {}})
{
}

AssignRole::~AssignRole() = default;

void AssignRole::start()
{
    emit announced({u"lookForIt"_s, u"Looking what %1 has at %2."_s.arg(d->wanted.principalId,
                                                                        d->wanted.scope.id())});
    lookForIt();
}

void AssignRole::asOperator(const std::function<void(const AccessToken &)> &then)
{
    d->parts.operatorToken(d->cloud.armScope(), this,
                           [this, then](const Result<AccessToken> &token) {
                               if (!token)
                                   return fail(token.error());
                               then(*token);
                           });
}

void AssignRole::lookForIt()
{
    asOperator([this](const AccessToken &token) {
        d->arm.assignmentsOf(token, d->wanted.scope, d->wanted.principalId, this,
                             [this](const auto &found) {
                                 if (!found)
                                     return fail(found.error());
                                 met(*found, nullptr);
                             });
    });
}

// Goes on to create it where it is not among \a found; \a why is Resource Manager's word that it
// exists, where it said so.
void AssignRole::met(const QList<RoleAssignment> &found, const Error *why)
{
    for (const RoleAssignment &one : found) {
        const bool same =
            one.scope == d->wanted.scope &&
            one.roleDefinitionId.compare(d->wanted.roleDefinitionId, Qt::CaseInsensitive) == 0 &&
            one.principalId.compare(d->wanted.principalId, Qt::CaseInsensitive) == 0;
        if (!same)
            continue;
        if (one.condition.simplified() == d->wanted.condition.simplified()) {
            d->outcome = {one, false};
            return emit finished(d->outcome);
        }
        return fail(
            {.kind = Error::Kind::Conflict,
             .message =
                 one.condition.isEmpty()
                     ? u"The role is assigned there already, without a condition: a condition beside it would limit nothing."_s
                     : u"The role is assigned there already, with another condition: %1"_s.arg(
                           one.condition.left(500)),
             .code = u"AssignmentDiffers"_s,
             .nextStep = u"Remove that assignment first: %1"_s.arg(one.id)});
    }
    if (why)
        return fail(*why);
    create();
}

void AssignRole::create()
{
    emit announced({u"create"_s, u"Assigning the role at %1."_s.arg(d->wanted.scope.id())});
    asOperator([this](const AccessToken &token) {
        insist<RoleAssignment>(
            d->parts.patience, this,
            [this, token](auto done) { d->arm.createAssignment(token, d->wanted, this, done); },
            [this](const Result<RoleAssignment> &made) {
                if (made) {
                    d->outcome = {*made, true};
                    return emit finished(d->outcome);
                }
                if (made.error().code == u"RoleAssignmentExists")
                    return readExisting(made.error());
                fail(made.error());
            });
    });
}

// Somebody was faster, or Resource Manager's list lags behind what it knows.
void AssignRole::readExisting(const Error &why)
{
    asOperator([this, why](const AccessToken &token) {
        d->arm.assignmentsOf(token, d->wanted.scope, d->wanted.principalId, this,
                             [this, why](const auto &found) {
                                 if (!found)
                                     return fail(found.error());
                                 met(*found, &why);
                             });
    });
}

void AssignRole::undo()
{
    if (!d->outcome.created)
        return emit finished(d->outcome);
    asOperator([this](const AccessToken &token) {
        d->arm.deleteAssignment(token, d->outcome.assignment.id, this,
                                [this](const Result<void> &removed) {
                                    if (!removed)
                                        return fail(removed.error());
                                    d->outcome.created = false;
                                    emit finished(d->outcome);
                                });
    });
}

void AssignRole::fail(const Error &error)
{
    Error explained = error;
    if (explained.code == u"AuthorizationFailed" && explained.nextStep.isEmpty()) {
        explained.nextStep =
            u"Whoever signs in needs Owner, User Access Administrator or Role Based Access Control "
            u"Administrator at %1 or above; "
            "a role given just now shows after a new sign-in."_s.arg(d->wanted.scope.id());
    } else if (explained.code == u"PrincipalNotFound") {
        explained.nextStep =
            u"Check the object ID: it is the service principal's, not the application's. If it was made just now, try again in a few minutes."_s;
    } else if (explained.code == u"RoleAssignmentExists") {
        explained.nextStep =
            u"It is not shown to you; ask somebody who may read the assignments at %1."_s.arg(
                d->wanted.scope.id());
    }
    emit failed(explained);
}

} // namespace Lifecycle
