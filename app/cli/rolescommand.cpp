#include "access/rolecatalogue.h"
#include "azure/roles.h"
#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <algorithm>

namespace Cli {

using namespace Qt::StringLiterals;
using Azure::Permission;
using Azure::RoleDefinition;

namespace {

QJsonObject permissionJson(const Permission &permission)
{
    return {{u"actions"_s, QJsonArray::fromStringList(permission.actions)},
            {u"notActions"_s, QJsonArray::fromStringList(permission.notActions)},
            {u"dataActions"_s, QJsonArray::fromStringList(permission.dataActions)},
            {u"notDataActions"_s, QJsonArray::fromStringList(permission.notDataActions)},
            {u"condition"_s,
             permission.condition.isEmpty() ? QJsonValue() : QJsonValue(permission.condition)}};
}

QString permissionCount(int count)
{
    return count == 1 ? u"1 permission"_s : u"%1 permissions"_s.arg(count);
}

QJsonObject roleJson(const RoleDefinition &role)
{
    const Access::RoleSummary summary = Access::summaryOf(role);
    return {{u"id"_s, role.id},
            {u"name"_s, role.name},
            {u"type"_s, role.type},
            {u"description"_s, role.description},
            {u"permissionCount"_s, summary.permissions},
            {u"reachesData"_s, summary.reachesData},
            {u"risk"_s, Access::riskName(summary.risk)},
            {u"riskBecause"_s, summary.why}};
}

void printRoles(const QList<RoleDefinition> &roles, QJsonObject more, Context &context)
{
    QJsonArray array;
    for (const RoleDefinition &role : roles) {
        const Access::RoleSummary summary = Access::summaryOf(role);
        array.append(roleJson(role));
        if (!context.json)
            context.printRow(u"%1  %2  risk %3  %4"_s.arg(
                role.id, permissionCount(summary.permissions).leftJustified(15),
                Access::riskName(summary.risk).leftJustified(7), role.name));
    }
    if (context.json) {
        more.insert(u"roles"_s, array);
        context.printJson(more);
    }
    context.finish(roles.isEmpty() ? No : Done);
}

void list(const std::string &search, Context &context)
{
    printRoles(Access::searchRoles(Azure::builtInRoles(), text(search)), {}, context);
}

// The nearest names, for a name that is not known.
QStringList similar(const QString &name)
{
    const QStringList words = name.split(u' ', Qt::SkipEmptyParts);
    QList<std::pair<qsizetype, QString>> scored;
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        const auto hits = std::count_if(words.cbegin(), words.cend(), [&](const QString &word) {
            return role.name.contains(word, Qt::CaseInsensitive);
        });
        if (hits > 0)
            scored.append({-hits, role.name});
    }
    std::sort(scored.begin(), scored.end());
    QStringList names;
    for (const auto &[score, role] : scored.mid(0, 3))
        names.append(u"“%1”"_s.arg(role));
    return names;
}

void printPermission(const Permission &permission, Context &context)
{
    for (const auto &[title, patterns] :
         {std::pair(u"actions"_s, permission.actions),
          std::pair(u"notActions"_s, permission.notActions),
          std::pair(u"dataActions"_s, permission.dataActions),
          std::pair(u"notDataActions"_s, permission.notDataActions)}) {
        if (!patterns.isEmpty())
            context.print(title + u":\n  "_s + patterns.join(u"\n  "_s));
    }
    if (!permission.condition.isEmpty())
        context.print(u"condition:\n  "_s + permission.condition);
}

void show(const std::string &name, Context &context)
{
    const std::optional<RoleDefinition> role = Access::findRole(Azure::builtInRoles(), text(name));
    if (!role) {
        const QStringList near = similar(text(name));
        return context.fail({.kind = Core::Error::Kind::NotFound,
                             .message = u"There is no built-in role called “%1”."_s.arg(text(name)),
                             .nextStep = near.isEmpty()
                                             ? u"See rolescope-cli roles list."_s
                                             : u"Did you mean %1?"_s.arg(near.join(u", "_s))});
    }
    if (context.json) {
        QJsonArray permissions;
        for (const Permission &permission : role->permissions)
            permissions.append(permissionJson(permission));
        QJsonObject document = roleJson(*role);
        document.insert(u"permissions"_s, permissions);
        document.insert(u"assignableScopes"_s, QJsonArray::fromStringList(role->assignableScopes));
        context.printJson(document);
        return context.finish(Done);
    }
    const Access::RoleSummary summary = Access::summaryOf(*role);
    context.print(u"%1\n%2  %3\n%4"_s.arg(role->name, role->id, role->type, role->description));
    context.print(u"%1, risk %2: it %3."_s.arg(permissionCount(summary.permissions),
                                               Access::riskName(summary.risk), summary.why));
    for (const Permission &permission : role->permissions)
        printPermission(permission, context);
    if (!summary.reachesData)
        context.print(u"It has no dataActions: it does not reach the data in storage."_s);
    context.finish(Done);
}

void allow(const std::string &name, Context &context)
{
    const QString operation = text(name);
    if (!operation.contains(u'/') || operation.contains(u'*') || operation.contains(u' ')) {
        return context.fail(
            {.kind = Core::Error::Kind::InvalidInput,
             .message = u"“%1” is no operation of a resource provider."_s.arg(operation),
             .nextStep =
                 u"Write it in full, such as Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read."_s});
    }
    const std::optional<bool> data = Access::isDataAction(Azure::builtInRoles(), operation);
    printRoles(
        Access::rolesAllowing(Azure::builtInRoles(), operation),
        {{u"operation"_s, operation}, {u"isDataAction"_s, data ? QJsonValue(*data) : QJsonValue()}},
        context);
}

} // namespace

void addRoles(CLI::App &app, Context &context)
{
    CLI::App *roles = app.add_subcommand("roles", "look at Azure's built-in roles, asking nobody");
    roles->require_subcommand(1);
    auto word = std::make_shared<std::string>();

    CLI::App *listing = roles->add_subcommand(
        "list", "the roles, or those whose name, description or ID holds all words of a text; a "
                "word with a slash is an operation they must allow");
    listing->add_option("--search", *word, "the text")->check(notEmpty());
    addJson(*listing, context);
    listing->callback(
        [word, &context] { context.run = [word, &context] { list(*word, context); }; });

    CLI::App *one = roles->add_subcommand("show", "what a role allows");
    one->add_option("ROLE", *word, "its name or ID")->required()->check(notEmpty());
    addJson(*one, context);
    one->callback([word, &context] { context.run = [word, &context] { show(*word, context); }; });

    CLI::App *operation = roles->add_subcommand(
        "allow", "who may: the roles that allow an operation, those that allow least first");
    operation
        ->add_option("OPERATION", *word,
                     "such as Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")
        ->required()
        ->check(notEmpty());
    addJson(*operation, context);
    operation->callback(
        [word, &context] { context.run = [word, &context] { allow(*word, context); }; });
}

} // namespace Cli
