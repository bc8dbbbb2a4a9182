#pragma once

#include "sandbox/graphanswer.h"

#include <variant>

namespace Sandbox {

/// addPassword, removePassword and federatedIdentityCredentials of an application or a service
/// principal. The caller may change the object.
class GraphCredentials final
{
public:
    explicit GraphCredentials(Directory &directory);

    /// \a call's path begins with {"applications", ID, ACTION}.
    Answer answer(const GraphCall &call, const DirectoryObject &object);

private:
    Answer addPassword(const GraphCall &call, const DirectoryObject &object);
    Answer removePassword(const GraphCall &call, const DirectoryObject &object);
    Answer federations(const GraphCall &call, const DirectoryObject &object);
    Answer federation(const GraphCall &call, const DirectoryObject &object,
                      const FederatedCredential &credential, const QString &context);
    Answer addFederation(const GraphCall &call, const DirectoryObject &object,
                         const QString &context);

    Directory &m_directory;
};

/// The keyCredentials of a request in place of \a before; one that comes without its key stays as
/// it is. A message where one is no certificate.
std::variant<QString, QList<KeyCredential>>
readKeys(const QJsonArray &given, const QList<KeyCredential> &before, const QDateTime &now);

} // namespace Sandbox
