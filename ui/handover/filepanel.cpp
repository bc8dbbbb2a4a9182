#include "ui/handover/filepanel.h"

#include "core/atomicfile.h"
#include "core/symlinkguard.h"
#include "envfile/format.h"
#include "handover/savewarnings.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "services/services.h"
#include "ui/handover/savepanel.h"
#include "ui/handover/verifypanel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secretclipboard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QPlainTextEdit>
#include <QPushButton>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;
using Identity::ServicePrincipal;

namespace {

// An export or an account more changes nothing in the text.
bool signsInAs(const ServicePrincipal &one, const ServicePrincipal &other)
{
    return one.id == other.id && one.cloud == other.cloud && one.tenant == other.tenant &&
           one.clientId == other.clientId && one.credential == other.credential &&
           one.credentialFile == other.credentialFile &&
           one.credentialThumbprint == other.credentialThumbprint &&
           one.credentialKeyId == other.credentialKeyId;
}

} // namespace

FilePanel::FilePanel(Services::Services &services, SecretClipboard &clipboard, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_clipboard(clipboard)
{
    makeFields();
    layOut();
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        forget();
        preview();
    });
    connect(m_pin, &QComboBox::currentIndexChanged, this, [this] {
        forget();
        preview();
    });
    connect(m_reveal, &QCheckBox::toggled, this, &FilePanel::preview);
    connect(m_save, &QPushButton::clicked, this, &FilePanel::save);
    connect(m_certificate, &QPushButton::clicked, this, &FilePanel::saveCertificate);
    connect(m_copy, &QPushButton::clicked, this, &FilePanel::copy);
    connect(m_verify, &VerifyPanel::requested, this, [this] {
        withVariables([this](const Format &format, const Identity::Variables &variables) {
            m_verify->start(format, variables);
        });
    });
    connect(&m_clipboard, &SecretClipboard::cleared, m_status,
            [this] { m_status->setText(tr("The clipboard was cleared.")); });
}

FilePanel::~FilePanel() = default;

void FilePanel::setPrincipal(const ServicePrincipal &principal)
{
    const bool same = signsInAs(principal, m_principal);
    m_principal = principal;
    if (same)
        return;
    m_certificate->setVisible(principal.credential == ServicePrincipal::Credential::Certificate);
    m_reveal->setVisible(principal.credential == ServicePrincipal::Credential::Secret);
    m_reveal->setChecked(false);
    m_text->clear();
    m_error->clear();
    forget();
    preview();
}

// What belonged to another text.
void FilePanel::forget()
{
    m_status->clear();
    m_saving->cancel();
    m_verify->clear();
    m_work.reset();
}

void FilePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    preview();
}

const Format &FilePanel::format() const
{
    return *EnvFile::findFormat(m_format->currentData().toString());
}

QString FilePanel::pinned() const
{
    return Identity::tokenCredentials(Identity::TokenCredentials(m_pin->currentData().toInt()),
                                      m_principal);
}

void FilePanel::withSecret(UseSecret use)
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    m_services.vault.secret(m_principal, m_work.get(),
                            [this, use = std::move(use)](const Core::Result<Secret> &secret) {
                                if (secret)
                                    return use(*secret);
                                m_text->clear();
                                m_error->setError(secret.error());
                            });
}

void FilePanel::withVariables(Use use)
{
    withSecret([this, use = std::move(use)](const Secret &secret) {
        const auto cloud = Identity::Cloud::load(m_principal.cloud);
        const auto variables = cloud ? Identity::credentialVariables(*cloud, m_principal, secret)
                                     : Core::Result<Identity::Variables>(cloud.error());
        if (variables)
            return use(format(), Identity::withTokenCredentials(*variables, pinned()));
        m_text->clear();
        Core::Error error = variables.error();
        if (error.code == u"NoCertificateFile")
            error.nextStep = tr("Press “%1” first.").arg(m_certificate->text());
        m_error->setError(error);
    });
}

void FilePanel::preview()
{
    if (!isVisible() || m_principal.id.isEmpty())
        return;
    m_usage->setText(
        QString(format().usage).replace(u"{path}"_s, tr("/path/to/%1").arg(format().fileName)));
    m_caution->setText(format().caution);
    m_caution->setVisible(!format().caution.isEmpty());
    for (QPushButton *button : {m_save, m_copy, m_verify->button()})
        button->setEnabled(false);
    withVariables([this](const Format &chosen, const Identity::Variables &variables) {
        markRefused(variables);
        showText(chosen, variables);
    });
}

void FilePanel::showText(const Format &chosen, const Identity::Variables &variables)
{
    const auto text = EnvFile::preview(chosen, variables,
                                       m_reveal->isChecked() ? QList<QByteArray>()
                                                             : Identity::secretVariableNames());
    m_save->setEnabled(bool(text));
    m_copy->setEnabled(text && chosen.shape == Format::Shape::File);
    m_verify->button()->setEnabled(bool(text));
    if (!text) {
        m_text->clear();
        return m_error->setError(text.error());
    }
    m_text->setPlainText(QString::fromUtf8(*text));
}

// Before one is chosen it is seen that it cannot hold these values, and why.
void FilePanel::markRefused(const Identity::Variables &variables)
{
    for (int row = 0; row < m_format->count(); ++row) {
        const Format &one = *EnvFile::findFormat(m_format->itemData(row).toString());
        const auto possible = EnvFile::preview(one, variables, Identity::secretVariableNames());
        m_format->setItemText(row, possible ? one.title : tr("%1 (refused)").arg(one.title));
        m_format->setItemData(row, possible ? QString() : possible.error().message.toHtmlEscaped(),
                              Qt::ToolTipRole);
    }
}

void FilePanel::save()
{
    m_saving->choose(tr("Save the environment file"), format().fileName,
                     format().shape == Format::Shape::Folder,
                     [this](const QString &path) { saveTo(path); });
}

void FilePanel::saveTo(const QString &path)
{
    withVariables([this, path](const Format &chosen, const Identity::Variables &variables) {
        m_saving->save(path, SavePanel::environmentFile(chosen, variables),
                       [this, path, &chosen](const Core::Result<void> &written) {
                           if (!written)
                               return m_error->setError(written.error());
                           remember(path, chosen);
                       });
    });
}

void FilePanel::remember(const QString &path, const Format &chosen)
{
    // So that a rotation can write it again.
    m_principal = Identity::withExport(m_principal, {QFileInfo(path).absoluteFilePath(), chosen.id,
                                                     m_services.clock.now(), pinned()});
    if (const auto kept = m_services.vault.update(m_principal); !kept)
        m_error->setError(kept.error());
    m_usage->setText(EnvFile::usage(chosen, path));
    m_status->setText(tr("Saved to %1, readable by its owner only.").arg(path));
}

void FilePanel::saveCertificate()
{
    m_saving->choose(tr("Write the certificate and its private key"), u"rolescope.pem"_s, false,
                     [this](const QString &path) { saveCertificateTo(path); });
}

void FilePanel::saveCertificateTo(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    withSecret([this, absolute](const Secret &secret) {
        const auto pem = Identity::certificateForFile(secret);
        if (!pem)
            return m_error->setError(pem.error());
        const SavePanel::Work work{
            [](const QString &place) { return Handover::fileWarnings(place); },
            [pem = *pem](const QString &place) {
                const auto allowed = Core::refuseForeignLinks(place);
                return allowed ? Core::writeFileAtomically(place, pem.reveal()) : allowed;
            }};
        m_saving->save(absolute, work, [this, absolute](const Core::Result<void> &written) {
            if (!written)
                return m_error->setError(written.error());
            m_principal.credentialFile = absolute;
            if (const auto kept = m_services.vault.update(m_principal); !kept)
                m_error->setError(kept.error());
            m_status->setText(
                tr("The certificate and its key are in %1, for its owner only.").arg(absolute));
            preview();
        });
    });
}

void FilePanel::copy()
{
    withVariables([this](const Format &chosen, const Identity::Variables &variables) {
        const auto file = EnvFile::write(chosen, variables);
        if (!file)
            return m_error->setError(file.error());
        m_clipboard.copy(*file);
        m_status->setText(tr("Copied. The clipboard is cleared after 30 seconds."));
    });
}

} // namespace Ui
