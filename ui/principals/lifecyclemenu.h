#pragma once

#include "core/error.h"
#include "identity/serviceprincipal.h"

#include <QToolButton>
#include <memory>

class QAction;

namespace Services {
struct Services;
}

namespace Ui {

/// What can be done with a principal's credential and with its end: rotate, save the certificate,
/// read when it ends, retire.
class LifecycleMenu final : public QToolButton
{
    Q_OBJECT
public:
    LifecycleMenu(Services::Services &services, QWidget *parent);
    ~LifecycleMenu() override;

    /// Stops what is under way for another one.
    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    void rotateRequested();
    void retireRequested();
    void begun();
    void failed(const Core::Error &error);
    void told(const QString &sentence);

private:
    void askWhereTo();
    void saveCertificate(const QString &path);
    void readEnd();

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    QAction *m_rotate;
    QAction *m_save;
    QAction *m_readEnd;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
