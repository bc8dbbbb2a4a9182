#pragma once

#include "identity/credentialimport.h"
#include "ui/principals/givencredential.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QWidget;

namespace Ui {

class DaysBox;

/// The rows of a form that ask for a principal's credential: a secret, a certificate from a file or
/// made here, a federated token's file. What a file holds is said below it while one chooses.
class CredentialRows final : public QObject
{
    Q_OBJECT
public:
    CredentialRows(QFormLayout &form, QWidget *parent);
    ~CredentialRows() override;

    /// For a principal that is kept already: its credential stays unless another is given.
    void setKept(const Identity::ServicePrincipal &principal);
    void fill(const Identity::ImportedCredential &imported);
    /// Whether there is something to save, as far as can be told without reading it.
    bool isComplete() const;
    /// What is typed as a secret; empty while another kind is chosen.
    Core::Secret typedSecret() const;
    QLabel *secretFinding() const { return m_secretFinding; }

    /// Reads, or makes, what is asked for; \a principal's name is that of a certificate made here.
    /// Off this thread. Errors: those of importCertificate(), makeCertificate(),
    /// readFederatedToken(); InvalidInput for an end that is no date.
    void read(const Identity::ServicePrincipal &principal, const QDateTime &now, QObject *context,
              Core::Done<GivenCredential> done);
    /// Forgets what is typed that is secret.
    void wipe();

signals:
    void changed();

private:
    enum Kind { Secret, CertificateFile, MadeCertificate, TokenFile };
    void addKind();
    void addSecret();
    void addCertificate();
    void addMade();
    void addTokenFile();
    QLineEdit *addFile(const QString &label, const QString &name, const QString &caption);
    QLabel *addRemark(const QString &name);
    void choose(int kind);
    void look();
    Kind kind() const;
    Core::Result<GivenCredential> readSecret(Identity::ServicePrincipal principal) const;

    QFormLayout &m_form;
    QWidget *m_parent;
    std::optional<Identity::ServicePrincipal> m_kept;
    QComboBox *m_kind;
    QLineEdit *m_secret;
    QLabel *m_secretFinding;
    QLineEdit *m_ends;
    QLineEdit *m_certificate;
    QLineEdit *m_passphrase;
    QLabel *m_fileRemark;
    DaysBox *m_days;
    QLabel *m_madeRemark;
    QLineEdit *m_tokenFile;
    QTimer m_pause; ///< between the last key and the look into the file
    std::unique_ptr<QObject> m_looking;
};

} // namespace Ui
