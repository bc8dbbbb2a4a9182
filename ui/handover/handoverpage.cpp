#include "ui/handover/handoverpage.h"

#include "core/atomicfile.h"
#include "core/atomicfolder.h"
#include "envfile/format.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"
#include "services/services.h"
#include "ui/handover/codepanel.h"
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
#include <QTabWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

namespace {

Core::Result<void> writeTo(const QString &path, const Format &format,
                           const Identity::Variables &variables)
{
    if (format.shape == Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, variables);
        return files ? Core::writeFolderAtomically(path, *files) : files.error();
    }
    const auto file = EnvFile::write(format, variables);
    return file ? Core::writeFileAtomically(path, file->reveal()) : file.error();
}

} // namespace

HandoverPage::HandoverPage(Services::Services &services, SecretClipboard &clipboard,
                           QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_clipboard(clipboard)
{
    m_code = new CodePanel(this);
    m_exec = new ExecPanel(this);
    auto *tabs = new QTabWidget(this);
    tabs->setObjectName(u"handoverTabs"_s);
    tabs->setDocumentMode(true);
    tabs->addTab(makeFilePanel(), tr("&File"));
    tabs->addTab(m_code, tr("&Code"));
    tabs->addTab(m_exec, tr("&Without a file"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tabs);

    connect(m_format, &QComboBox::currentIndexChanged, this, &HandoverPage::preview);
    connect(m_reveal, &QCheckBox::toggled, this, &HandoverPage::preview);
    connect(m_save, &QPushButton::clicked, this, &HandoverPage::save);
    connect(m_copy, &QPushButton::clicked, this, &HandoverPage::copy);
    connect(&m_clipboard, &SecretClipboard::cleared, m_status,
            [this] { m_status->setText(tr("The clipboard was cleared.")); });
}

QWidget *HandoverPage::makeFilePanel()
{
    auto *panel = new QWidget(this);
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
    m_caution = plainLabel({}, this);
    m_caution->setObjectName(u"handoverCaution"_s);
    m_caution->setWordWrap(true);
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
    auto *layout = new QVBoxLayout(panel);
    layout->addLayout(bar);
    layout->addWidget(m_error);
    layout->addWidget(m_caution);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_usage);
    layout->addWidget(m_status);
    return panel;
}

HandoverPage::~HandoverPage() = default;

void HandoverPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    const bool same = principal == m_principal;
    m_principal = principal;
    m_code->setPrincipal(principal);
    m_exec->setPrincipal(principal);
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
    m_services.vault.secret(m_principal, m_work.get(),
                            [this, use = std::move(use)](const Core::Result<Secret> &secret) {
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
    m_usage->setText(
        QString(format.usage).replace(u"{path}"_s, tr("/path/to/%1").arg(format.fileName)));
    m_caution->setText(format.caution);
    m_caution->setVisible(!format.caution.isEmpty());
    m_copy->setEnabled(format.shape == Format::Shape::File);
    withVariables([this](const Format &chosen, const Identity::Variables &variables) {
        markRefused(variables);
        const QList<QByteArray> masked =
            m_reveal->isChecked() ? QList<QByteArray>() : Identity::secretVariableNames();
        const auto text = EnvFile::preview(chosen, variables, masked);
        m_save->setEnabled(bool(text));
        if (!text) {
            m_text->clear();
            return m_error->setError(text.error());
        }
        m_text->setPlainText(QString::fromUtf8(*text));
    });
}

// Before one is chosen it is seen that it cannot hold these values, and why.
void HandoverPage::markRefused(const Identity::Variables &variables)
{
    for (int row = 0; row < m_format->count(); ++row) {
        const Format &format = *EnvFile::findFormat(m_format->itemData(row).toString());
        const auto possible = EnvFile::preview(format, variables, Identity::secretVariableNames());
        m_format->setItemText(row, possible ? format.title : tr("%1 (refused)").arg(format.title));
        m_format->setItemData(row, possible ? QString() : possible.error().message.toHtmlEscaped(),
                              Qt::ToolTipRole);
    }
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

void HandoverPage::withVariables(
    std::function<void(const Format &, const Identity::Variables &)> use)
{
    const Format &format = *EnvFile::findFormat(m_format->currentData().toString());
    withSecret([this, &format, use = std::move(use)](const Secret &secret) {
        const auto cloud = Identity::Cloud::load(m_principal.cloud);
        if (!cloud)
            return m_error->setError(cloud.error());
        const auto variables = Identity::credentialVariables(*cloud, m_principal, secret);
        if (!variables) {
            m_text->clear();
            return m_error->setError(variables.error());
        }
        use(format, *variables);
    });
}

void HandoverPage::withFile(std::function<void(const Format &, const Secret &)> use)
{
    withVariables(
        [this, use = std::move(use)](const Format &format, const Identity::Variables &variables) {
            const auto file = EnvFile::write(format, variables);
            if (!file)
                return m_error->setError(file.error());
            use(format, *file);
        });
}

void HandoverPage::write(const QString &path)
{
    withVariables([this, path](const Format &format, const Identity::Variables &variables) {
        if (const auto written = writeTo(path, format, variables); !written)
            return m_error->setError(written.error());
        // So that a rotation can write it again.
        m_principal = Identity::withExport(
            m_principal, {QFileInfo(path).absoluteFilePath(), format.id, m_services.clock.now()});
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
