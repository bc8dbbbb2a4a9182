#pragma once

#include "identity/devicecode.h"
#include "services/operators.h"

#include <QObject>
#include <QUrl>
#include <memory>

namespace Services {

struct Services;

/// Signs an operator in, whichever way, and keeps the sign-in.
class OperatorSignIn final : public QObject
{
    Q_OBJECT
public:
    struct Request
    {
        Operator::Way way = Operator::Way::Browser;
        QString cloud = QStringLiteral("AzurePublic"); ///< a well-known name or a cloud file
        QString tenant;                                ///< empty: the person's own
        QString clientId;                              ///< empty: the setting
    };

    OperatorSignIn(Services &services, Request request, QObject *parent = nullptr);
    ~OperatorSignIn() override;

    /// finished() follows. Deleting this cancels.
    void start();
    void cancel();

signals:
    void codeReady(const Identity::DeviceCode &code); ///< show it to the person
    void openBrowser(const QUrl &url);                ///< open it; see BrowserSignIn
    void finished(const Core::Result<Operator> &who);

private:
    void askAz();
    void showCode(const Identity::PublicClient &client);
    void leadToBrowser(const Identity::PublicClient &client);
    void signedIn(const Core::Result<Identity::UserTokens> &tokens);
    void finish(const Core::Result<Operator> &who);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Services
