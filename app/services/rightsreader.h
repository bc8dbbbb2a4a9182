#pragma once

#include "access/authorizationfacts.h"
#include "azure/armclient.h"
#include "identity/serviceprincipal.h"

#include <QObject>
#include <memory>

namespace Services {

struct Services;

/// Through whose eyes a principal's role assignments are read.
struct RightsSource {
    enum class Eyes {
        Principal, ///< its own token for Resource Manager
        Az,        ///< the token of whoever is signed in to az here
        File       ///< what a colleague exported
    } eyes = Eyes::Principal;
    QString file;

    /// "self", "az" or a file's path, as `check --predict` takes it.
    static RightsSource named(const QString &text);
};

/// Reads what is known of a principal's rights at one account. What may not be read becomes a note, not a failure, as long as
/// the assignments themselves could be.
class RightsReader final : public QObject
{
    Q_OBJECT
public:
    struct Request {
        Identity::ServicePrincipal principal;
        QUrl account;     ///< as Azure::parseAccountUrl() yields it
        QString objectId; ///< of the service principal
        RightsSource source;
    };

    RightsReader(Services &services, Request request, QObject *parent = nullptr);
    ~RightsReader() override;

    void start(); ///< done() follows; deleting this cancels

signals:
    void done(const Core::Result<Access::AuthorizationFacts> &facts);

private:
    void readFile();
    void askAz();
    void withToken(const Identity::AccessToken &token);
    void searchSubscription();
    void found(const Azure::StorageAccount &account);
    void readAssignments();
    void readMisassigned();
    void readDefinitions();
    void readDenies();
    void readDatabricks();
    void askOrSignIn();
    void signInToAsk();
    void ask(const Identity::AccessToken &token);
    void note(const QString &id, const QString &what, const Core::Error &error);
    void finish(const Core::Result<Access::AuthorizationFacts> &facts);

    struct Private;
    std::unique_ptr<Private> d;
};

/// What a colleague exported, for the account called \a accountName: a list of role assignments, or an object with
/// "roleAssignments", "roleDefinitions", "denyAssignments", "storageAccount" and "application" as az or Resource Manager print each.
/// Errors: InvalidInput naming what is missing.
Core::Result<Access::AuthorizationFacts> rightsFromFile(const QByteArray &json, const QString &accountName);

} // namespace Services
