#include "azure/graphobjects.h"
#include "azure/roles.h"
#include "azure/storageaccount.h"
#include "input.h"

#include <QJsonDocument>

namespace {

template<typename T>
void check(const Core::Result<T> &result)
{
    if (!result)
        Fuzz::require(!result.error().message.isEmpty());
}

} // namespace

// One object of Microsoft Graph or Resource Manager, and an account's address.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const QByteArray json = Fuzz::view(bytes, size).toByteArray();
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    check(Azure::applicationFromJson(object));
    check(Azure::directoryPrincipalFromJson(object));
    check(Azure::roleDefinitionFromJson(object));
    check(Azure::roleAssignmentFromJson(object));
    check(Azure::denyAssignmentFromJson(object));
    check(Azure::parseAccountUrl(QString::fromUtf8(json), QStringLiteral("core.windows.net"), true));
    return 0;
}
