#pragma once

#include "services/filecredential.h"

#include <QFrame>
#include <memory>

class QLabel;
class QPushButton;

namespace Services {
struct Services;
}

namespace Ui {

class ErrorPanel;

/// What credential a foreign file holds and, on demand, whether it works. Nothing is sent before it
/// is asked for, and nothing to a host that is not one of Azure's before that host is agreed to.
class CredentialTrial final : public QFrame
{
    Q_OBJECT
public:
    explicit CredentialTrial(Services::Services &services, QWidget *parent = nullptr);
    ~CredentialTrial() override;

    /// Forgets what was found out of another file. Hidden while there are no variables.
    void setVariables(const Identity::Variables &variables);

private:
    void press();
    void ask();
    void tryIt();
    void signIn(const Core::Result<Services::FileCredential> &credential);
    void end(Services::SignInOutcome outcome, const QString &words);
    void stop();
    QList<Identity::Cloud> knownClouds() const;

    Services::Services &m_services;
    Identity::Variables m_variables;
    Services::SignInPlace m_place;
    QLabel *m_facts;
    QPushButton *m_try;
    QLabel *m_outcome;
    QLabel *m_question;
    QPushButton *m_send;
    QWidget *m_confirmation;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
