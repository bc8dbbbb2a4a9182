#include "access/verdict.h"
#include "azure/roles.h"
#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <algorithm>
#include <optional>

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
            {u"condition"_s, permission.condition.isEmpty() ? QJsonValue() : QJsonValue(permission.condition)}};
}

QJsonObject roleJson(const RoleDefinition &role)
{
    return {{u"id"_s, role.id}, {u"name"_s, role.name}, {u"type"_s, role.type}, {u"description"_s, role.description}};
}

QList<RoleDefinition> sorted(QList<RoleDefinition> roles)
{
    std::sort(roles.begin(), roles.end(), [](const RoleDefinition &a, const RoleDefinition &b) {
        const int order = a.name.compare(b.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : a.id < b.id;
    });
    return roles;
}

void printRoles(const QList<RoleDefinition> &roles, QJsonObject more, Context &context)
{
    if (context.json) {
        QJsonArray array;
        for (const RoleDefinition &role : roles)
            array.append(roleJson(role));
        more.insert(u"roles"_s, array);
        context.printJson(more);
    } else {
        for (const RoleDefinition &role : roles)
            context.printRow(u"%1  %2"_s.arg(role.id, role.name));
    }
    context.finish(roles.isEmpty() ? No : Done);
}

void list(const std::string &search, Context &context)
{
    const QStringList words = text(search).split(u' ', Qt::SkipEmptyParts);
    QList<RoleDefinition> found;
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        const QString whole = role.name + u' ' + role.description + u' ' + role.id;
        if (std::all_of(words.cbegin(), words.cend(), [&](const QString &word) { return whole.contains(word, Qt::CaseInsensitive); }))
            found.append(role);
    }
    printRoles(sorted(found), {}, context);
}

// The nearest names, for a name that is not known.
QStringList similar(const QString &name)
{
    const QStringList words = name.split(u' ', Qt::SkipEmptyParts);
    QList<std::pair<qsizetype, QString>> scored;
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        const auto hits = std::count_if(words.cbegin(), words.cend(), [&](const QString &word) { return role.name.contains(word, Qt::CaseInsensitive); });
        if (hits > 0)
            scored.append({-hits, role.name});
    }
    std::sort(scored.begin(), scored.end());
    QStringList names;
    for (const auto &[score, role] : scored.mid(0, 3))
        names.append(u"“%1”"_s.arg(role));
    return names;
}

const RoleDefinition *findRole(const QString &nameOrId)
{
    const QString id = nameOrId.section(u'/', -1);
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        if (role.name.compare(nameOrId, Qt::CaseInsensitive) == 0 || role.id.compare(id, Qt::CaseInsensitive) == 0)
            return &role;
    }
    return nullptr;
}

void show(const std::string &name, Context &context)
{
    const RoleDefinition *role = findRole(text(name));
    if (!role) {
        const QStringList near = similar(text(name));
        return context.fail({.kind = Core::Error::Kind::NotFound, .message = u"There is no built-in role called “%1”."_s.arg(text(name)),
                             .nextStep = near.isEmpty() ? u"See rolescope-cli roles list."_s : u"Did you mean %1?"_s.arg(near.join(u", "_s))});
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
    context.print(u"%1\n%2  %3\n%4"_s.arg(role->name, role->id, role->type, role->description));
    for (const Permission &permission : role->permissions) {
        for (const auto &[title, patterns] : {std::pair(u"actions"_s, permission.actions), std::pair(u"notActions"_s, permission.notActions),
                                              std::pair(u"dataActions"_s, permission.dataActions), std::pair(u"notDataActions"_s, permission.notDataActions)}) {
            if (!patterns.isEmpty())
                context.print(title + u":\n  "_s + patterns.join(u"\n  "_s));
        }
        if (!permission.condition.isEmpty())
            context.print(u"condition:\n  "_s + permission.condition);
    }
    if (std::all_of(role->permissions.cbegin(), role->permissions.cend(), [](const Permission &one) { return one.dataActions.isEmpty(); }))
        context.print(u"It has no dataActions: it does not reach the data in storage."_s);
    context.finish(Done);
}

bool any(const QStringList &patterns, const QString &operation)
{
    return std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &one) { return Access::matchesAction(one, operation); });
}

// Whether it is a data action stands in no name; the roles that name it without a wildcard show it, where there are any.
std::optional<bool> isDataAction(const QString &operation)
{
    bool asAction = false;
    bool asDataAction = false;
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        for (const Permission &one : role.permissions) {
            asAction = asAction || one.actions.contains(operation, Qt::CaseInsensitive);
            asDataAction = asDataAction || one.dataActions.contains(operation, Qt::CaseInsensitive);
        }
    }
    return asAction == asDataAction ? std::nullopt : std::optional(asDataAction);
}

bool allows(const RoleDefinition &role, const QString &operation, bool data)
{
    return std::any_of(role.permissions.cbegin(), role.permissions.cend(), [&](const Permission &one) {
        return data ? any(one.dataActions, operation) && !any(one.notDataActions, operation)
                    : any(one.actions, operation) && !any(one.notActions, operation);
    });
}

void allow(const std::string &name, Context &context)
{
    const QString operation = text(name);
    if (!operation.contains(u'/') || operation.contains(u'*') || operation.contains(u' ')) {
        return context.fail({.kind = Core::Error::Kind::InvalidInput, .message = u"“%1” is no operation of a resource provider."_s.arg(operation),
                             .nextStep = u"Write it in full, such as Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read."_s});
    }
    const std::optional<bool> data = isDataAction(operation);
    QList<RoleDefinition> found;
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        if ((data != false && allows(role, operation, true)) || (data != true && allows(role, operation, false)))
            found.append(role);
    }
    printRoles(sorted(found), {{u"operation"_s, operation}, {u"isDataAction"_s, data ? QJsonValue(*data) : QJsonValue()}}, context);
}

} // namespace

void addRoles(CLI::App &app, Context &context)
{
    CLI::App *roles = app.add_subcommand("roles", "look at Azure's built-in roles, asking nobody");
    roles->require_subcommand(1);
    auto word = std::make_shared<std::string>();

    CLI::App *listing = roles->add_subcommand("list", "the roles, or those whose name, description or ID holds all words of a text");
    listing->add_option("--search", *word, "the text")->check(notEmpty());
    addJson(*listing, context);
    listing->callback([word, &context] { context.run = [word, &context] { list(*word, context); }; });

    CLI::App *one = roles->add_subcommand("show", "what a role allows");
    one->add_option("ROLE", *word, "its name or ID")->required()->check(notEmpty());
    addJson(*one, context);
    one->callback([word, &context] { context.run = [word, &context] { show(*word, context); }; });

    CLI::App *operation = roles->add_subcommand("allow", "the roles that allow an operation");
    operation->add_option("OPERATION", *word, "such as Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")->required()->check(notEmpty());
    addJson(*operation, context);
    operation->callback([word, &context] { context.run = [word, &context] { allow(*word, context); }; });
}

} // namespace Cli
