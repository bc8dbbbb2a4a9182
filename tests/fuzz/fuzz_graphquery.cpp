#include "input.h"
#include "sandbox/graphquery.h"

#include <QJsonArray>

// What a client asks of the sandbox's directory by its query.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const Sandbox::Incoming request{"GET", "/v1.0/applications?" + Fuzz::view(bytes, size).toByteArray(), {}, {}};
    const auto query = Sandbox::GraphQuery::parse(request);
    if (!query)
        return 0;
    const QJsonObject document{{QStringLiteral("displayName"), QStringLiteral("orders")},
                               {QStringLiteral("servicePrincipalNames"), QJsonArray{QStringLiteral("a")}}};
    (void)query->matches(document);
    const QJsonObject page = query->page({document, document}, 1, QStringLiteral("https://graph/x"));
    Fuzz::require(page.value(QStringLiteral("value")).toArray().size() <= 2);
    return 0;
}
