#include "ui/models/assignmenttree.h"

#include "access/rolecatalogue.h"
#include "access/verdict.h"

#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

namespace {

// The place that contains this one, as far as its resource ID says; empty at the top.
QString above(const Scope &scope)
{
    const QString id = scope.id();
    switch (scope.level()) {
    case Scope::Level::Root:
    case Scope::Level::ManagementGroup:
    case Scope::Level::Subscription: return {};
    case Scope::Level::ResourceGroup: return id.section(u'/', 0, 2);
    case Scope::Level::Resource:
        return scope.resourceGroup().isEmpty() ? id.section(u'/', 0, 2) : id.section(u'/', 0, 4);
    case Scope::Level::SubResource: break;
    }
    const qsizetype blob = id.indexOf(u"/blobServices/"_s, 0, Qt::CaseInsensitive);
    return blob > 0 ? id.left(blob) : id.section(u'/', 0, -3);
}

bool allows(const RoleDefinition &role, const QString &operation, bool data)
{
    return std::any_of(
        role.permissions.cbegin(), role.permissions.cend(), [&](const Azure::Permission &one) {
            const auto any = [&](const QStringList &patterns) {
                return std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &each) {
                    return Access::matchesAction(each, operation);
                });
            };
            return data ? any(one.dataActions) && !any(one.notDataActions)
                        : any(one.actions) && !any(one.notActions);
        });
}

} // namespace

AssignmentTree::AssignmentTree(QObject *parent)
    : QStandardItemModel(parent)
{
    setColumnCount(ColumnCount);
    setHorizontalHeaderLabels({tr("Where, and which role"), tr("What it allows")});
}

QString AssignmentTree::levelName(const Scope &scope)
{
    switch (scope.level()) {
    case Scope::Level::Root: return tr("tenant");
    case Scope::Level::ManagementGroup: return tr("management group");
    case Scope::Level::Subscription: return tr("subscription");
    case Scope::Level::ResourceGroup: return tr("resource group");
    case Scope::Level::Resource:
        return scope.id().contains(u"/storageAccounts/"_s, Qt::CaseInsensitive) ? tr("account")
                                                                                : tr("resource");
    case Scope::Level::SubResource:
        return scope.id().contains(u"/containers/"_s, Qt::CaseInsensitive)
                   ? tr("container")
                   : tr("part of a resource");
    }
    return {};
}

QStandardItem *AssignmentTree::place(const Scope &scope)
{
    const QString key = scope.id().toLower();
    if (QStandardItem *known = m_places.value(key))
        return known;
    const QString name = scope.id() == u"/" ? tr("all of the tenant") : scope.lastName();
    auto *item = new QStandardItem(u"%1  (%2)"_s.arg(name, levelName(scope)));
    item->setToolTip(scope.id().toHtmlEscaped());
    item->setData(scope.id(), ScopeRole);
    item->setEditable(false);
    auto *allows = new QStandardItem;
    allows->setData(scope.id(), ScopeRole);
    allows->setEditable(false);
    const QString container = above(scope);
    const auto parent =
        container.isEmpty() ? Core::Result<Scope>(Core::Error{}) : Scope::parse(container);
    (parent ? place(*parent) : invisibleRootItem())->appendRow({item, allows});
    m_places.insert(key, item);
    return item;
}

void AssignmentTree::setAssignments(const QList<RoleAssignment> &assignments,
                                    const QList<RoleDefinition> &roles)
{
    removeRows(0, rowCount());
    m_places.clear();
    m_assignments = assignments;
    m_roles = roles;
    std::stable_sort(m_assignments.begin(), m_assignments.end(),
                     [](const RoleAssignment &a, const RoleAssignment &b) {
                         return std::make_pair(int(a.scope.level()), a.scope.id().toLower()) <
                                std::make_pair(int(b.scope.level()), b.scope.id().toLower());
                     });
    for (const RoleAssignment &one : std::as_const(m_assignments)) {
        const RoleDefinition *known = role(one.roleDefinitionId);
        auto *item =
            new QStandardItem(known ? known->name : tr("role %1").arg(one.roleDefinitionId));
        auto *words = new QStandardItem(known ? roleInWords(*known) : tr("not known here"));
        if (!one.condition.isEmpty())
            words->setText(tr("only if its condition holds: %1").arg(words->text()));
        for (QStandardItem *each : {item, words}) {
            each->setData(one.scope.id(), ScopeRole);
            each->setData(one.id, AssignmentRole);
            each->setEditable(false);
            each->setToolTip(each->text().toHtmlEscaped());
        }
        place(one.scope)->appendRow({item, words});
    }
}

const RoleAssignment *AssignmentTree::assignment(const QModelIndex &index) const
{
    const QString id = index.data(AssignmentRole).toString();
    const auto found = std::find_if(m_assignments.cbegin(), m_assignments.cend(),
                                    [&](const auto &one) { return one.id == id; });
    return id.isEmpty() || found == m_assignments.cend() ? nullptr : &*found;
}

const RoleDefinition *AssignmentTree::role(const QString &id) const
{
    const auto found = std::find_if(m_roles.cbegin(), m_roles.cend(), [&](const auto &one) {
        return one.id.compare(id, Qt::CaseInsensitive) == 0;
    });
    return found == m_roles.cend() ? nullptr : &*found;
}

QString roleInWords(const RoleDefinition &role)
{
    const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"_s;
    QStringList blob;
    for (const auto &[operation, word] : {std::pair(u"read"_s, AssignmentTree::tr("read")),
                                          std::pair(u"write"_s, AssignmentTree::tr("write")),
                                          std::pair(u"delete"_s, AssignmentTree::tr("delete"))}) {
        if (allows(role, blobs + operation, true))
            blob.append(word);
    }
    QStringList parts;
    if (!blob.isEmpty())
        parts.append(AssignmentTree::tr("%1 blobs").arg(blob.join(AssignmentTree::tr(", "))));
    if (allows(role, u"Microsoft.Authorization/roleAssignments/write"_s, false))
        parts.append(AssignmentTree::tr("give rights to others"));
    if (allows(role, u"Microsoft.Storage/storageAccounts/listKeys/action"_s, false))
        parts.append(AssignmentTree::tr("read the account's keys"));
    if (allows(role, u"Microsoft.Storage/storageAccounts/write"_s, false))
        parts.append(AssignmentTree::tr("change storage accounts"));
    else if (allows(role, u"Microsoft.Storage/storageAccounts/read"_s, false))
        parts.append(AssignmentTree::tr("see storage accounts"));
    if (blob.isEmpty())
        parts.append(AssignmentTree::tr("no blob's content"));
    return parts.join(u" · "_s);
}

QString roleActions(const RoleDefinition &role)
{
    QStringList lines;
    for (const Azure::Permission &one : role.permissions) {
        for (const auto &[title, patterns] :
             {std::pair(u"actions"_s, one.actions), std::pair(u"notActions"_s, one.notActions),
              std::pair(u"dataActions"_s, one.dataActions),
              std::pair(u"notDataActions"_s, one.notDataActions)}) {
            if (!patterns.isEmpty())
                lines.append(title + u":\n    "_s + patterns.join(u"\n    "_s));
        }
    }
    return lines.join(u'\n');
}

} // namespace Ui
