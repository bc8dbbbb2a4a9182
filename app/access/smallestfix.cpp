#include "access/smallestfix.h"

#include "access/fixsearch.h"
#include "core/commandtext.h"

#include <QHash>

namespace Access {

using namespace Qt::StringLiterals;

QString operationInWords(const QString &operation)
{
    static const QHash<QString, QString> words{
        {u"container.list"_s, u"list containers"_s},
        {u"account.info"_s, u"read the account's kind"_s},
        {u"service.properties"_s, u"read the service's settings"_s},
        {u"account.userDelegationKey"_s, u"get a user delegation key"_s},
        {u"container.create"_s, u"create containers"_s},
        {u"container.deleteAny"_s, u"delete any container"_s},
        {u"container.read"_s, u"read the container's properties"_s},
        {u"container.write"_s, u"change the container"_s},
        {u"container.acl"_s, u"read the container's access policy"_s},
        {u"blob.list"_s, u"list blobs"_s},
        {u"blob.read"_s, u"read blobs"_s},
        {u"blob.add"_s, u"add blobs"_s},
        {u"blob.write"_s, u"write blobs"_s},
        {u"blob.tier"_s, u"set blobs' tier"_s},
        {u"blob.delete"_s, u"delete blobs"_s},
        {u"blob.deleteVersion"_s, u"delete blob versions"_s},
        {u"blob.tags.read"_s, u"read blob tags"_s},
        {u"blob.tags.write"_s, u"write blob tags"_s},
        {u"blob.find"_s, u"find blobs by tags"_s},
    };
    return words.value(operation, operation);
}

QString Fix::words() const
{
    QString text = alsoAllows.isEmpty() ? u"allows nothing else in the matrix"_s
                                        : u"would also allow: "_s + alsoAllows.join(u", "_s);
    if (beyondStorage >= 1000)
        text += u"; and everything else in Azure that is not data"_s;
    else if (beyondStorage >= 100)
        text += u"; and reading everything else in Azure"_s;
    else if (beyondStorage > 0)
        text += u"; and %1 permissions outside of storage"_s.arg(beyondStorage);
    return text;
}

Fix Fix::movedTo(const Azure::Scope &place, const AuthorizationFacts &facts) const
{
    Fix moved = *this;
    moved.scope = place;
    moved.command = Core::Command{u"az", u"role", u"assignment", u"create"}
                        .option(u"--assignee-object-id", facts.principalIds.value(0))
                        .option(u"--assignee-principal-type", u"ServicePrincipal"_s)
                        .option(u"--role", role)
                        .option(u"--scope", place.id())
                        .text();
    return moved;
}

QList<Fix> smallestFixes(const AuthorizationFacts &facts, const QList<WantedCell> &wanted,
                         const QDateTime &now, qsizetype limit)
{
    return FixSearch(facts, now).find(wanted, limit);
}

} // namespace Access
