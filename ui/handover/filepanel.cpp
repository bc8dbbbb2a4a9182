#include "ui/handover/filepanel.h"

#include "envfile/format.h"
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
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
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
    connect(m_pin, &QComboBox::activated, this, [this] { m_pinChosen = true; });
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
    m_passphrase = {};
    m_pinChosen = false;
    m_pin->setCurrentIndex(0);
    m_protect->setChecked(false);
    m_protect->setVisible(principal.credential == ServicePrincipal::Credential::Certificate);
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

// What a file pins stays pinned when it is written again, unless another choice was made.
void FilePanel::keepPin(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const auto &files = m_principal.exports;
    const auto before = std::find_if(files.cbegin(), files.cend(),
                                     [&](const auto &one) { return one.path == absolute; });
    if (m_pinChosen || before == files.cend() || before->tokenCredentials.isEmpty())
        return;
    for (int row = 0; row < m_pin->count(); ++row) {
        const auto how = Identity::TokenCredentials(m_pin->itemData(row).toInt());
        if (Identity::tokenCredentials(how, m_principal) == before->tokenCredentials)
            m_pin->setCurrentIndex(row);
    }
}

void FilePanel::saveTo(const QString &path)
{
    keepPin(path);
    withVariables([this, path](const Format &chosen, const Identity::Variables &variables) {
        showText(chosen, variables);
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
    QString said = tr("Saved to %1, readable by its owner only.").arg(path);
    if (!pinned().isEmpty())
        said += u' ' + tr("AZURE_TOKEN_CREDENTIALS is %1 in it.").arg(pinned());
    m_status->setText(said);
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
