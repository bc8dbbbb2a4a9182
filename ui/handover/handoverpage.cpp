#include "ui/handover/handoverpage.h"

#include "core/atomicfile.h"
#include "envfile/format.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"
#include "services/services.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secretclipboard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

HandoverPage::HandoverPage(Services::Services &services, SecretClipboard &clipboard, QWidget *parent)
    : QWidget(parent), m_services(services), m_clipboard(clipboard)
{
    m_format = new QComboBox(this);
    m_format->setObjectName(u"formatField"_s);
    m_format->setAccessibleName(tr("Who reads it"));
    for (const Format &format : EnvFile::formats())
        m_format->addItem(format.title, format.id);
    m_reveal = new QCheckBox(tr("Show the secret"), this);
    m_reveal->setObjectName(u"revealSecret"_s);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"handoverText"_s);
    m_text->setAccessibleName(tr("Environment file"));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_usage = plainLabel({}, this);
    m_usage->setObjectName(u"handoverUsage"_s);
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"handoverStatus"_s);
    m_error = new ErrorPanel(this);
    m_save = new QPushButton(tr("Save …"), this);
    m_save->setObjectName(u"saveHandoverButton"_s);
    m_copy = new QPushButton(tr("Copy with secret"), this);
    m_copy->setObjectName(u"copyHandoverButton"_s);
    m_copy->setToolTip(tr("The clipboard is cleared after 30 seconds"));

    auto *label = new QLabel(tr("&Read by"), this);
    label->setBuddy(m_format);
    auto *bar = new QHBoxLayout;
    bar->addWidget(label);
    bar->addWidget(m_format);
    bar->addWidget(m_reveal);
    bar->addStretch(1);
    bar->addWidget(m_copy);
    bar->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_error);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_usage);
    layout->addWidget(m_status);

    connect(m_format, &QComboBox::currentIndexChanged, this, &HandoverPage::preview);
    connect(m_reveal, &QCheckBox::toggled, this, &HandoverPage::preview);
    connect(m_save, &QPushButton::clicked, this, &HandoverPage::save);
    connect(m_copy, &QPushButton::clicked, this, &HandoverPage::copy);
    connect(&m_clipboard, &SecretClipboard::cleared, m_status, [this] { m_status->setText(tr("The clipboard was cleared.")); });
}

HandoverPage::~HandoverPage() = default;

void HandoverPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal == m_principal;
    m_principal = principal;
    if (same)
        return;
    m_reveal->setChecked(false);
    m_status->clear();
    m_text->clear();
    m_error->clear();
    m_work.reset();
}

void HandoverPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    preview();
}

void HandoverPage::withSecret(std::function<void(const Secret &)> use)
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    m_services.vault.secret(m_principal, m_work.get(), [this, use = std::move(use)](const Core::Result<Secret> &secret) {
        if (!secret) {
            m_text->clear();
            return m_error->setError(secret.error());
        }
        use(*secret);
    });
}

void HandoverPage::preview()
{
    if (!isVisible() || m_principal.id.isEmpty())
        return;
    const Format &format = *EnvFile::findFormat(m_format->currentData().toString());
    m_usage->setText(QString(format.usage).replace(u"{path}"_s, tr("/path/to/%1").arg(format.fileName)));
    withSecret([this, &format](const Secret &secret) {
        const auto cloud = Identity::Cloud::load(m_principal.cloud);
        if (!cloud)
            return m_error->setError(cloud.error());
        const auto variables = Identity::credentialVariables(*cloud, m_principal, secret);
        if (!variables) {
            m_text->clear();
            return m_error->setError(variables.error());
        }
        const QList<QByteArray> masked = m_reveal->isChecked() ? QList<QByteArray>() : Identity::secretVariableNames();
        const auto text = EnvFile::preview(format, *variables, masked);
        if (!text) {
            m_text->clear();
            return m_error->setError(text.error());
        }
        m_text->setPlainText(QString::fromUtf8(*text));
    });
}

void HandoverPage::save()
{
    const Format &format = *EnvFile::findFormat(m_format->currentData().toString());
    auto *dialog = new QFileDialog(this, tr("Save the environment file"), QDir::homePath());
    dialog->setObjectName(u"saveHandoverDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(format.fileName);
    connect(dialog, &QFileDialog::fileSelected, this, &HandoverPage::write);
    dialog->open();
}

void HandoverPage::withFile(std::function<void(const Format &, const Secret &)> use)
{
    const Format &format = *EnvFile::findFormat(m_format->currentData().toString());
    withSecret([this, &format, use = std::move(use)](const Secret &secret) {
        const auto cloud = Identity::Cloud::load(m_principal.cloud);
        if (!cloud)
            return m_error->setError(cloud.error());
        const auto variables = Identity::credentialVariables(*cloud, m_principal, secret);
        if (!variables)
            return m_error->setError(variables.error());
        const auto file = EnvFile::write(format, *variables);
        if (!file)
            return m_error->setError(file.error());
        use(format, *file);
    });
}

void HandoverPage::write(const QString &path)
{
    withFile([this, path](const Format &format, const Secret &file) {
        if (const auto written = Core::writeFileAtomically(path, file.reveal()); !written)
            return m_error->setError(written.error());
        // So that a rotation can write it again.
        m_principal = Identity::withExport(m_principal, {QFileInfo(path).absoluteFilePath(), format.id, m_services.clock.now()});
        if (const auto kept = m_services.vault.update(m_principal); !kept)
            m_error->setError(kept.error());
        m_usage->setText(EnvFile::usage(format, path));
        m_status->setText(tr("Saved to %1, readable by its owner only.").arg(path));
    });
}

void HandoverPage::copy()
{
    withFile([this](const Format &, const Secret &file) {
        m_clipboard.copy(file);
        m_status->setText(tr("Copied. The clipboard is cleared after 30 seconds."));
    });
}

} // namespace Ui
