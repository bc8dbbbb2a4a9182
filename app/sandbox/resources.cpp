#include "sandbox/resources.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

QString withoutSlash(const QString &resource)
{
    return resource.endsWith(u'/') ? resource.chopped(1) : resource;
}

} // namespace

bool isKnownResource(const QString &resource, const Scenario &scenario, const Endpoints &endpoints)
{
    static const QStringList microsoft{u"https://storage.azure.com"_s,
                                       u"e406a681-f3d4-42a8-90b6-c2b029497af1"_s,
                                       u"https://management.azure.com"_s,
                                       u"https://management.core.windows.net"_s,
                                       u"797f4846-ba00-4fd7-ba43-dac1f8f63013"_s,
                                       u"https://graph.microsoft.com"_s,
                                       u"00000003-0000-0000-c000-000000000000"_s};
    const QString plain = withoutSlash(resource);
    if (microsoft.contains(plain) || plain == endpoints.resourceManager || plain == endpoints.graph)
        return true;
    const QStringList blobEndpoints = endpoints.accounts.values();
    const QUrl url(plain);
    return blobEndpoints.contains(plain) || (url.host().endsWith(u".blob.core.windows.net") &&
                                             scenario.account(url.host().section(u'.', 0, 0)));
}

} // namespace Sandbox
