#include "access/accesscontrollist.h"

#include <QStringList>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs"_s;

// One entry that is asked for: these rights on this path.
struct Needed
{
    QString path;
    QString rights; // "x", "wx"
};

// What an operation asks of the ACLs; beyond the documents' table: nothing.
enum class Rule {
    Unknown,
    None,
    ReadFile,
    TraverseOnly,
    ReadOrTraverse,
    Append,
    ChangeParent,
    CreateOrReplace,
    ListDirectory
};

Rule ruleFor(const Circumstances &circumstances)
{
    const auto is = [&](std::initializer_list<QLatin1String> names) {
        return std::any_of(names.begin(), names.end(), [&](QLatin1String name) {
            return circumstances.operation.compare(name, Qt::CaseInsensitive) == 0;
        });
    };
    if (is({"Get Blob"_L1, "Path - Read"_L1}))
        return Rule::ReadFile;
    if (is({"Path - Get Properties / Status"_L1, "Path - Get Access Control"_L1}))
        return Rule::TraverseOnly;
    if (is({"Get Blob Properties"_L1, "Get Blob Metadata"_L1}))
        return Rule::ReadOrTraverse;
    if (is({"Append Block"_L1, "Append Block from URL"_L1, "Path - Append / Flush"_L1}))
        return Rule::Append;
    if (is({"Delete Blob"_L1, "Delete Blob (current version or base blob)"_L1, "Path - Delete"_L1}))
        return Rule::ChangeParent;
    // The table's "Create" asks the parent only; what replacing a blob that is there asks, it does
    // not say.
    if (is({"Path - Create file or directory"_L1}))
        return Rule::ChangeParent;
    if (is({"Put Blob"_L1, "Put Blob from URL"_L1}))
        return circumstances.blobExists.value_or(false) ? Rule::CreateOrReplace
                                                        : Rule::ChangeParent;
    if (is({"List Blobs"_L1, "Path - List"_L1}))
        return Rule::ListDirectory;
    if (is({"Get Blob Tags"_L1, "Set Blob Tags"_L1, "Find Blobs by Tags"_L1,
            "Find Blobs by Tags in Container"_L1}))
        return Rule::None;
    return Rule::Unknown;
}

QString parentOf(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash < 0 ? u"/"_s : path.left(slash);
}

QStringList ancestorsOf(const QString &path)
{
    if (path == u"/")
        return {};
    QStringList all{u"/"_s};
    for (qsizetype slash = path.indexOf(u'/'); slash > 0; slash = path.indexOf(u'/', slash + 1))
        all.append(path.left(slash));
    return all;
}

QList<Needed> traversing(const QString &path)
{
    QList<Needed> all;
    for (const QString &ancestor : ancestorsOf(path))
        all.append({ancestor, u"x"_s});
    return all;
}

Verdict verdict(Decision decision, const QString &path, const QString &why)
{
    return {decision, {{{}, u"ACL"_s, path, why, Verdict::Kind::Acl}}};
}

Verdict check(const QHash<QString, QString> &acl, const Needed &needed)
{
    std::optional<QString> entry;
    for (const QString &key :
         {needed.path, u'/' + needed.path, needed.path + u'/', u'/' + needed.path + u'/'}) {
        if (acl.contains(key))
            entry = acl.value(key);
    }
    if (!entry)
        return verdict(Decision::Undecided, needed.path,
                       u"The ACL of %1 is not known."_s.arg(needed.path));
    for (const QChar right : needed.rights) {
        if (!entry->contains(right, Qt::CaseInsensitive))
            return verdict(Decision::Denied, needed.path,
                           u"The ACL of %1 gives %2, and %3 is needed."_s.arg(needed.path, *entry,
                                                                              needed.rights));
    }
    return {Decision::Allowed, {}};
}

Verdict check(const QHash<QString, QString> &acl, const QList<Needed> &needed, const QString &path)
{
    QList<Verdict> each;
    for (const Needed &one : needed)
        each.append(check(acl, one));
    const Verdict all = allOf(each);
    return all.decision == Decision::Allowed
               ? verdict(Decision::Allowed, path, u"The ACLs allow it."_s)
               : all;
}

std::optional<QString> pathOf(const Circumstances &circumstances, const Azure::Scope &scope,
                              bool ofDirectory)
{
    const AttributeValue value =
        ofDirectory
            ? circumstances.attribute(AttributeSource::Request, blobs + u":prefix"_s, scope, scope)
            : circumstances.attribute(AttributeSource::Resource, blobs + u":path"_s, scope, scope);
    if (ofDirectory && value.state == AttributeValue::State::Absent)
        return u"/"_s;
    const QString *text =
        value.values.isEmpty() ? nullptr : std::get_if<QString>(&value.values.first());
    if (!text)
        return std::nullopt;
    QString path = ofDirectory ? text->left(text->lastIndexOf(u'/') + 1)
                               : *text; // a prefix may end inside a name
    while (path.endsWith(u'/'))
        path.chop(1);
    while (path.startsWith(u'/'))
        path.remove(0, 1);
    return path.isEmpty() ? u"/"_s : path;
}

} // namespace

Verdict accessByList(const Circumstances &circumstances, const Azure::Scope &scope, bool roleReads)
{
    const Rule rule = ruleFor(circumstances);
    if (rule == Rule::None)
        return {Decision::Denied, {}};
    if (!circumstances.acl)
        return verdict(
            Decision::Undecided, {},
            u"With a hierarchical namespace an ACL may allow it, and the ACLs are not known."_s);
    if (rule == Rule::Unknown)
        return verdict(Decision::Undecided, {},
                       u"What this operation needs of the ACLs is not documented here."_s);
    const std::optional<QString> path = pathOf(circumstances, scope, rule == Rule::ListDirectory);
    if (!path)
        return verdict(Decision::Undecided, {},
                       u"An ACL may allow it, but the path is not known."_s);

    QList<Needed> needed = traversing(*path);
    const Verdict way = check(*circumstances.acl, needed, *path);
    switch (rule) {
    case Rule::ReadFile: needed.append({*path, u"r"_s}); break;
    case Rule::Append: needed.append({*path, roleReads ? u"w"_s : u"rw"_s}); break;
    case Rule::ChangeParent: needed.append({parentOf(*path), u"wx"_s}); break;
    case Rule::ListDirectory: needed.append({*path, u"rx"_s}); break;
    case Rule::ReadOrTraverse:
        needed.append({*path, u"r"_s});
        if (way.decision == Decision::Allowed &&
            check(*circumstances.acl, needed, *path).decision != Decision::Allowed)
            return verdict(
                Decision::Undecided, *path,
                u"Whether reading properties needs more than the way to the blob is not documented here."_s);
        break;
    case Rule::CreateOrReplace:
        needed.append({parentOf(*path), u"wx"_s});
        if (const Verdict create = check(*circumstances.acl, needed, *path);
            create.decision == Decision::Denied)
            return way.decision == Decision::Denied
                       ? way
                       : verdict(Decision::Undecided, *path, create.because.value(0).why);
        return verdict(
            Decision::Undecided, *path,
            u"What replacing a blob that exists needs of the ACLs is not documented here."_s);
    default: break;
    }
    return check(*circumstances.acl, needed, *path);
}

} // namespace Access
