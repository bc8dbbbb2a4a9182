#include "azure/roles.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

static void initResources()
{
    Q_INIT_RESOURCE(azure);
}

namespace Azure {

using namespace Qt::StringLiterals;

const QList<RoleDefinition> &builtInRoles()
{
    static const QList<RoleDefinition> roles = [] {
        initResources();
        QFile file(u":/rolescope/builtin-roles.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("the built-in roles are missing from the program");
        QList<RoleDefinition> list;
        const QJsonArray array =
            QJsonDocument::fromJson(file.readAll()).object()[u"roles"].toArray();
        list.reserve(array.size());
        for (const QJsonValue &one : array) {
            const QJsonObject object = one.toObject();
            list.append({object[u"id"].toString(),
                         object[u"roleName"].toString(),
                         object[u"description"].toString(),
                         u"BuiltInRole"_s,
                         permissionsFromJson(object[u"permissions"].toArray()),
                         {u"/"_s}});
        }
        return list;
    }();
    return roles;
}

} // namespace Azure
