#pragma once

#include "core/error.h"
#include "identity/credentiallint.h"
#include "identity/serviceprincipal.h"

#include <QDialog>
#include <QHash>
#include <memory>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace Services {
struct Services;
}

namespace Identity {
struct ImportedCredential;
}

namespace Ui {

class CredentialRows;
class ErrorPanel;
struct GivenCredential;

/// Adds or edits a principal: paste what a tool printed, or type; what can be known without asking anybody is said beside the field
/// while one types.
class CredentialDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit CredentialDialog(Services::Services &services, QWidget *parent = nullptr);
    ~CredentialDialog() override;

    /// Fills the form from a text; what is wrong with it is shown.
    void paste(const QString &text);
    /// The same with a file's text.
    void useFile(const QString &path);
    /// Edits \a principal; its secret stays unless another is typed.
    void edit(const Identity::ServicePrincipal &principal);

signals:
    void saved(const QString &id);

private:
    QWidget *makeFields();
    QLineEdit *addField(QFormLayout *form, Identity::LintFinding::Field field, const QString &label, const QString &name);
    void askForOrder(const QByteArray &bytes);
    void fill(const Identity::ImportedCredential &credential);
    void useCloud(int index);
    void chooseCloud(int index);
    void lint();
    void warnOfOthers();
    Identity::ServicePrincipal typed() const;
    void save();
    void store(const GivenCredential &given);
    void fail(const Core::Error &error);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    QPlainTextEdit *m_paste;
    QLineEdit *m_name;
    QLineEdit *m_tenant;
    QLineEdit *m_clientId;
    CredentialRows *m_credential;
    QLabel *m_shared; ///< with principals of other environments
    QComboBox *m_environment;
    QComboBox *m_cloud;
    QLabel *m_cloudNote;
    QLabel *m_notes;
    QHash<int, QLabel *> m_findings; ///< by LintFinding::Field
    QPushButton *m_save;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
