#include "ui/handover/filepanel.h"

#include "envfile/format.h"
#include "ui/handover/savepanel.h"
#include "ui/handover/verifypanel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

// What the panel consists of.
namespace Ui {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using Identity::TokenCredentials;

void FilePanel::makeFields()
{
    m_format = new QComboBox(this);
    m_format->setObjectName(u"formatField"_s);
    m_format->setAccessibleName(tr("Who reads it"));
    for (const Format &format : EnvFile::formats())
        m_format->addItem(format.title, format.id);
    m_pin = new QComboBox(this);
    m_pin->setObjectName(u"pinField"_s);
    m_pin->setAccessibleName(tr("What DefaultAzureCredential tries"));
    m_pin->addItem(tr("tries all it knows"), int(TokenCredentials::Any));
    m_pin->addItem(tr("tries no developer's tool"), int(TokenCredentials::Prod));
    m_pin->addItem(tr("tries these variables only"), int(TokenCredentials::Exact));
    for (int row = 1; row < m_pin->count(); ++row)
        m_pin->setItemData(row,
                           tr("AZURE_TOKEN_CREDENTIALS, known to %1")
                               .arg(Identity::tokenCredentialsKnownTo(
                                   TokenCredentials(m_pin->itemData(row).toInt())))
                               .toHtmlEscaped(),
                           Qt::ToolTipRole);
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
    m_usage->setFont(m_text->font());
    m_usage->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"handoverStatus"_s);
    m_status->setWordWrap(true);
    m_error = new ErrorPanel(this);
    m_saving = new SavePanel(this);
    m_verify = new VerifyPanel(this);
    m_save = new QPushButton(tr("Save …"), this);
    m_save->setObjectName(u"saveHandoverButton"_s);
    m_certificate = new QPushButton(tr("Write the certificate …"), this);
    m_certificate->setObjectName(u"saveCertificateButton"_s);
    m_certificate->setToolTip(
        tr("An application reads a certificate and its key from a file of its own"));
    m_protect = new QCheckBox(tr("Lock its key"), this);
    m_protect->setObjectName(u"protectKey"_s);
    m_protect->setToolTip(tr("Encrypts the key in the certificate's file with a new passphrase, "
                             "which then stands in the variables"));
    m_protect->hide();
    m_copy = new QPushButton(tr("Copy with secret"), this);
    m_copy->setObjectName(u"copyHandoverButton"_s);
    m_copy->setToolTip(tr("The clipboard is cleared after 30 seconds"));
}

void FilePanel::layOut()
{
    auto *label = new QLabel(tr("&Read by"), this);
    label->setBuddy(m_format);
    auto *pinLabel = new QLabel(tr("&DefaultAzureCredential"), this);
    pinLabel->setBuddy(m_pin);
    auto *usage = new QHBoxLayout;
    usage->addWidget(m_usage, 1);
    usage->addWidget(copyButton(
                         tr("how it is used"), [this] { return m_usage->text(); }, this),
                     0, Qt::AlignTop);
    auto *bar = new QHBoxLayout;
    bar->addWidget(label);
    bar->addWidget(m_format);
    bar->addStretch(1);
    bar->addWidget(m_verify->button());
    bar->addWidget(m_copy);
    bar->addWidget(m_certificate);
    bar->addWidget(m_protect);
    bar->addWidget(m_save);
    auto *options = new QHBoxLayout;
    options->addWidget(pinLabel);
    options->addWidget(m_pin);
    options->addStretch(1);
    options->addWidget(m_reveal);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addLayout(options);
    layout->addWidget(m_error);
    layout->addWidget(m_saving);
    layout->addWidget(m_caution);
    layout->addWidget(m_text, 1);
    layout->addLayout(usage);
    layout->addWidget(m_status);
    layout->addWidget(m_verify);
}

} // namespace Ui
