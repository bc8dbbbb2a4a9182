#include "handover/childenvironment.h"

#include <QSet>
#include <algorithm>
#include <unistd.h>

namespace Handover {

namespace {

constexpr auto s_loopback = "127.0.0.1";

QByteArray nameOf(const QByteArray &assignment)
{
    return assignment.left(assignment.indexOf('='));
}

bool namesProxy(const QByteArray &assignment)
{
    static const QSet<QByteArray> names{"http_proxy", "all_proxy"};
    return names.contains(nameOf(assignment).toLower()) && !assignment.endsWith('=');
}

// Programs read either spelling, and some the first that is set.
void exceptLoopback(QList<QByteArray> &assignments)
{
    for (const QByteArray name : {"no_proxy", "NO_PROXY"}) {
        const auto found = std::find_if(assignments.begin(), assignments.end(),
                                        [&](const QByteArray &one) { return nameOf(one) == name; });
        if (found == assignments.end())
            assignments.append(name + '=' + s_loopback);
        else
            *found += (found->endsWith('=') ? "" : ",") + QByteArray(s_loopback);
    }
}

} // namespace

// Names: Azure Identity libraries for Python, JavaScript, .NET, Java, Go and C++.
bool steersCredentials(const QByteArray &name)
{
    static const QSet<QByteArray> names{"AZURE_TENANT_ID",
                                        "AZURE_CLIENT_ID",
                                        "AZURE_CLIENT_SECRET",
                                        "AZURE_CLIENT_CERTIFICATE_PATH",
                                        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
                                        "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
                                        "AZURE_USERNAME",
                                        "AZURE_PASSWORD",
                                        "AZURE_ADDITIONALLY_ALLOWED_TENANTS",
                                        "AZURE_AUTHORITY_HOST",
                                        "AZURE_FEDERATED_TOKEN_FILE",
                                        "AZURE_TOKEN_CREDENTIALS",
                                        "AZURE_REGIONAL_AUTHORITY_NAME",
                                        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                        "AZURE_KUBERNETES_TOKEN_PROXY",
                                        "AZURE_KUBERNETES_CA_FILE",
                                        "AZURE_KUBERNETES_CA_DATA",
                                        "AZURE_KUBERNETES_SNI_NAME",
                                        "IDENTITY_ENDPOINT",
                                        "IDENTITY_HEADER",
                                        "IDENTITY_SERVER_THUMBPRINT",
                                        "IMDS_ENDPOINT",
                                        "MSI_ENDPOINT",
                                        "MSI_SECRET"};
    return names.contains(name);
}

ChildEnvironment::ChildEnvironment(const QList<QByteArray> &parent, const Variables &variables,
                                   bool endpointHere)
{
    for (const QByteArray &assignment : parent) {
        if (!steersCredentials(nameOf(assignment)))
            m_assignments.append(assignment);
    }
    if (endpointHere && std::any_of(parent.begin(), parent.end(), namesProxy))
        exceptLoopback(m_assignments);
    for (const auto &[name, value] : variables) {
        QByteArray assignment;
        // Once, at its full size: growing would leave pieces of the value behind.
        assignment.reserve(name.size() + 1 + value.size());
        assignment.append(name).append('=').append(value.reveal());
        m_assignments.append(std::move(assignment));
    }
}

ChildEnvironment::~ChildEnvironment()
{
    for (QByteArray &assignment : m_assignments)
        Core::wipe(assignment);
}

QList<char *> ChildEnvironment::pointers()
{
    QList<char *> pointers;
    for (QByteArray &assignment : m_assignments)
        pointers.append(assignment.data());
    pointers.append(nullptr);
    return pointers;
}

QList<QByteArray> ChildEnvironment::current()
{
    QList<QByteArray> all;
    for (char **one = environ; one && *one; ++one)
        all.append(QByteArray(*one));
    return all;
}

} // namespace Handover
