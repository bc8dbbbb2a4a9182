#pragma once

#include "identity/accesstoken.h"
#include "identity/serviceprincipal.h"

#include <QTimer>
#include <QWidget>
#include <memory>

class QLabel;
class QPushButton;
class QToolButton;

namespace Services {
struct Services;
}

namespace Ui {

class ClaimTable;
class ElidedLabel;
class ErrorPanel;
class LifecycleMenu;
class NameConfirmation;

/// Who is selected: environment, name, tenant, client, and its token with what the token says of itself.
class PrincipalHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit PrincipalHeader(Services::Services &services, QWidget *parent = nullptr);
    ~PrincipalHeader() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    void editRequested();
    void removeConfirmed();
    void rotateRequested();
    void retireRequested();

private:
    QWidget *makeTitle();
    void makeRemoval();
    QWidget *makePending();
    void connectLifecycle();
    void lookForRotation();
    void dropToken();
    void acquireToken();
    void updateFacts();

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    Identity::AccessToken m_token;
    std::optional<Identity::TokenClaims> m_claims;
    QLabel *m_environment;
    ElidedLabel *m_name;
    ElidedLabel *m_ids;
    ElidedLabel *m_cloud; ///< shown for a cloud file only
    ElidedLabel *m_facts;
    QPushButton *m_getToken;
    QToolButton *m_toggleClaims;
    ClaimTable *m_claimTable;
    NameConfirmation *m_removal;
    LifecycleMenu *m_lifecycle;
    QLabel *m_told;
    QWidget *m_pending; ///< a rotation that is under way
    QLabel *m_pendingText;
    ErrorPanel *m_error;
    QTimer m_tick;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
