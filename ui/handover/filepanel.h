#pragma once

#include "core/secret.h"
#include "identity/environmentvariables.h"
#include "identity/serviceprincipal.h"

#include <QWidget>
#include <functional>
#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace EnvFile {
struct Format;
}
namespace Services {
struct Services;
}

namespace Ui {

class ErrorPanel;
class SavePanel;
class SecretClipboard;
class VerifyPanel;

/// The environment file: pick who reads it, see the exact text (masked until asked) or why it is
/// refused, save it for the owner only, copy it, or let the programs here read it.
class FilePanel final : public QWidget
{
    Q_OBJECT
public:
    FilePanel(Services::Services &services, SecretClipboard &clipboard, QWidget *parent = nullptr);
    ~FilePanel() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);
    /// What the dialog does once a path is chosen: the warnings first, then the file.
    void saveTo(const QString &path);
    /// The same for the certificate that the variables name.
    void saveCertificateTo(const QString &path);

protected:
    void showEvent(QShowEvent *event) override;

private:
    using UseSecret = std::function<void(const Core::Secret &)>;
    using Use = std::function<void(const EnvFile::Format &, const Identity::Variables &)>;

    void makeFields();
    void layOut();
    const EnvFile::Format &format() const;
    QString pinned() const; ///< the value of AZURE_TOKEN_CREDENTIALS; empty: none
    /// Fetches the secret from the keychain for one use.
    void withSecret(UseSecret use);
    void withVariables(Use use);
    void give(const Use &use, const Core::Secret &secret);
    void refuseLocked();
    void keepPin(const QString &path);
    void forget();
    void preview();
    void markRefused(const Identity::Variables &variables);
    void showText(const EnvFile::Format &format, const Identity::Variables &variables);
    void save();
    void saveCertificate();
    void remember(const QString &path, const EnvFile::Format &format);
    void copy();

    Services::Services &m_services;
    SecretClipboard &m_clipboard;
    Identity::ServicePrincipal m_principal;
    QComboBox *m_format;
    QComboBox *m_pin;
    bool m_pinChosen = false; ///< by hand, for this principal
    QCheckBox *m_protect;
    Core::Secret m_passphrase; ///< of the certificate's file, if it was written here just now
    QCheckBox *m_reveal;
    QPlainTextEdit *m_text;
    QLabel *m_caution;
    QLabel *m_usage;
    QLabel *m_status;
    QPushButton *m_save;
    QPushButton *m_copy;
    QPushButton *m_certificate;
    ErrorPanel *m_error;
    SavePanel *m_saving;
    VerifyPanel *m_verify;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
