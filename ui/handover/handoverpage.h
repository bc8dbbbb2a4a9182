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

class CodePanel;
class ErrorPanel;
class ExecPanel;
class SecretClipboard;

/// Hand over: pick who reads it, see the exact text (masked until asked) or why it is refused, save
/// it for the owner only, or copy it. Beside it the code that uses it, and the command lines that
/// need no file.
class HandoverPage final : public QWidget
{
    Q_OBJECT
public:
    HandoverPage(Services::Services &services, SecretClipboard &clipboard,
                 QWidget *parent = nullptr);
    ~HandoverPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// Fetches the secret from the keychain for one use.
    void withSecret(std::function<void(const Core::Secret &)> use);
    QWidget *makeFilePanel();
    void markRefused(const Identity::Variables &variables);
    void
    withVariables(std::function<void(const EnvFile::Format &, const Identity::Variables &)> use);
    void withFile(std::function<void(const EnvFile::Format &, const Core::Secret &)> use);
    void preview();
    void save();
    void write(const QString &path);
    void copy();

    Services::Services &m_services;
    SecretClipboard &m_clipboard;
    Identity::ServicePrincipal m_principal;
    QComboBox *m_format;
    QCheckBox *m_reveal;
    QPlainTextEdit *m_text;
    QLabel *m_caution;
    QLabel *m_usage;
    QLabel *m_status;
    QPushButton *m_save;
    QPushButton *m_copy;
    ErrorPanel *m_error;
    CodePanel *m_code;
    ExecPanel *m_exec;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
