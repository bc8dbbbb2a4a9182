#include "ui/principals/credentialrows.h"

#include "identity/credentiallint.h"
#include "identity/expiry.h"
#include "ui/widgets/background.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::Certificate;
using Identity::ServicePrincipal;
using Stored = ServicePrincipal::Credential;

namespace {

Core::Secret textOf(const QLineEdit &edit)
{
    return Core::Secret::take(edit.text().toUtf8());
}

} // namespace

CredentialRows::CredentialRows(QFormLayout &form, QWidget *parent)
    : QObject(parent)
    , m_form(form)
    , m_parent(parent)
{
    addKind();
    addSecret();
    addCertificate();
    addMade();
    addTokenFile();
    m_pause.setSingleShot(true);
    m_pause.setInterval(std::chrono::milliseconds(300));
    connect(&m_pause, &QTimer::timeout, this, &CredentialRows::look);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &CredentialRows::choose);
    for (QLineEdit *one : {m_secret, m_ends, m_certificate, m_passphrase, m_tokenFile})
        connect(one, &QLineEdit::textChanged, this, &CredentialRows::changed);
    for (QLineEdit *one : {m_certificate, m_passphrase})
        connect(one, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    choose(Secret);
}

CredentialRows::~CredentialRows() = default;

void CredentialRows::addKind()
{
    m_kind = new QComboBox(m_parent);
    m_kind->setObjectName(u"credentialKind"_s);
    m_kind->setAccessibleName(tr("Credential"));
    m_kind->addItems({tr("a client secret"), tr("a certificate from a file"),
                      tr("a certificate, made here"), tr("a federated token's file")});
    m_form.addRow(tr("Cre&dential"), m_kind);
}

void CredentialRows::addSecret()
{
    m_secret = new QLineEdit(m_parent);
    m_secret->setObjectName(u"secretField"_s);
    m_secret->setAccessibleName(tr("Secret"));
    m_secret->setMaxLength(64 * 1024);
    m_secret->setEchoMode(QLineEdit::Password);
    m_form.addRow(tr("&Secret"), m_secret);
    m_secretFinding = addRemark(u"secretFieldFinding"_s);
    m_ends = new QLineEdit(m_parent);
    m_ends->setObjectName(u"secretEnds"_s);
    m_ends->setAccessibleName(tr("The secret ends on"));
    m_ends->setPlaceholderText(tr("where it is known: 2026-03-01"));
    m_form.addRow(tr("E&nds on"), m_ends);
}

QLineEdit *CredentialRows::addFile(const QString &label, const QString &name,
                                   const QString &caption)
{
    auto *row = new QWidget(m_parent);
    auto *edit = new QLineEdit(row);
    edit->setObjectName(name);
    edit->setAccessibleName(QString(label).remove(u'&'));
    auto *browse = new QPushButton(tr("Choose …"), row);
    browse->setObjectName(name + u"Button"_s);
    browse->setAccessibleName(caption);
    browse->setAutoDefault(false);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    row->setFocusProxy(edit);
    auto *words = new QLabel(label, m_parent);
    words->setBuddy(edit);
    m_form.addRow(words, row);
    connect(browse, &QPushButton::clicked, this, [this, edit, caption] {
        auto *dialog = new QFileDialog(m_parent, caption);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return edit;
}

QLabel *CredentialRows::addRemark(const QString &name)
{
    auto *remark = plainLabel({}, m_parent);
    remark->setObjectName(name);
    remark->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    remark->hide();
    m_form.addRow(QString(), remark);
    return remark;
}

void CredentialRows::addCertificate()
{
    m_certificate = addFile(tr("&File"), u"certificateField"_s, tr("Choose a certificate"));
    m_certificate->setPlaceholderText(tr("PEM or PKCS#12 (.pfx, .p12), with its private key"));
    m_passphrase = new QLineEdit(m_parent);
    m_passphrase->setObjectName(u"passphraseField"_s);
    m_passphrase->setAccessibleName(tr("Passphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setPlaceholderText(tr("where the key is protected by one; it is not kept"));
    m_form.addRow(tr("&Passphrase"), m_passphrase);
    m_fileRemark = addRemark(u"certificateRemark"_s);
}

void CredentialRows::addMade()
{
    m_days = new DaysBox(tr("The certificate lasts"), 730, 180, m_parent);
    m_days->setObjectName(u"madeDays"_s);
    m_form.addRow(tr("&Lasts"), m_days);
    m_madeRemark = addRemark(u"madeRemark"_s);
    m_madeRemark->setText(tr("The application must know the certificate before it can sign in: "
                             "once it is added, Life cycle, Save the certificate."));
}

void CredentialRows::addTokenFile()
{
    m_tokenFile = addFile(tr("&File"), u"tokenFileField"_s, tr("Choose a token's file"));
    m_tokenFile->setPlaceholderText(tr("where another provider, e.g. Kubernetes, puts its token"));
}

CredentialRows::Kind CredentialRows::kind() const
{
    return static_cast<Kind>(m_kind->currentIndex());
}

void CredentialRows::choose(int kind)
{
    for (QWidget *one : std::initializer_list<QWidget *>{m_secret, m_ends})
        m_form.setRowVisible(one, kind == Secret);
    m_secretFinding->hide();
    m_form.setRowVisible(m_certificate->parentWidget(), kind == CertificateFile);
    m_form.setRowVisible(m_passphrase, kind == CertificateFile);
    m_fileRemark->setVisible(kind == CertificateFile && !m_fileRemark->text().isEmpty());
    m_form.setRowVisible(m_days, kind == MadeCertificate);
    m_madeRemark->setVisible(kind == MadeCertificate);
    m_form.setRowVisible(m_tokenFile->parentWidget(), kind == TokenFile);
    emit changed();
}

void CredentialRows::setKept(const ServicePrincipal &principal)
{
    m_kept = principal;
    const QString stays = tr("unchanged; give a new one to replace it");
    switch (principal.credential) {
    case Stored::Secret: m_secret->setPlaceholderText(stays); break;
    case Stored::Certificate:
        m_certificate->setPlaceholderText(stays);
        m_kind->setCurrentIndex(CertificateFile);
        break;
    case Stored::FederatedToken:
        m_tokenFile->setText(principal.credentialFile);
        m_kind->setCurrentIndex(TokenFile);
        break;
    }
    if (principal.credential == Stored::Secret && principal.credentialExpiresAt.isValid())
        m_ends->setText(principal.credentialExpiresAt.toUTC().toString(Qt::ISODate));
}

// The SDKs prefer the secret, then the certificate (Azure Identity: EnvironmentCredential).
void CredentialRows::fill(const Identity::ImportedCredential &imported)
{
    m_secret->setText(QString::fromUtf8(imported.secret.reveal()));
    m_ends->setText(imported.expiresAt.isValid() ? imported.expiresAt.toUTC().toString(Qt::ISODate)
                                                 : QString());
    m_certificate->setText(imported.certificateFile);
    m_passphrase->setText(QString::fromUtf8(imported.certificatePassword.reveal()));
    m_tokenFile->setText(imported.federatedTokenFile);
    m_kind->setCurrentIndex(!imported.secret.isEmpty()               ? Secret
                            : !imported.certificateFile.isEmpty()    ? CertificateFile
                            : !imported.federatedTokenFile.isEmpty() ? TokenFile
                                                                     : Secret);
}

bool CredentialRows::isComplete() const
{
    const auto keeps = [&](Stored kind) { return m_kept && m_kept->credential == kind; };
    switch (kind()) {
    case Secret: return !m_secret->text().isEmpty() || keeps(Stored::Secret);
    case CertificateFile:
        return !m_certificate->text().trimmed().isEmpty() || keeps(Stored::Certificate);
    case MadeCertificate: return true;
    case TokenFile: return !m_tokenFile->text().trimmed().isEmpty();
    }
    return false;
}

Core::Secret CredentialRows::typedSecret() const
{
    return kind() == Secret ? textOf(*m_secret) : Core::Secret();
}

// What the file holds, or what is wrong with it, is said while one chooses.
void CredentialRows::look()
{
    m_looking = std::make_unique<QObject>();
    const QString path = m_certificate->text().trimmed();
    m_fileRemark->clear();
    choose(m_kind->currentIndex());
    if (kind() != CertificateFile || !QFileInfo(path).isFile())
        return;
    inBackground<Result<Certificate>>(
        m_looking.get(),
        [path, passphrase = textOf(*m_passphrase), now = QDateTime::currentDateTimeUtc()] {
            return certificateIn(path, passphrase, now);
        },
        [this](const Result<Certificate> &found) {
            m_fileRemark->setText(
                found ? tr("%1, %2 bits, ends on %3")
                            .arg(found->subject, QString::number(found->keyBits),
                                 found->notAfter.toString(u"yyyy-MM-dd"_s))
                      : tr("%1 %2").arg(found.error().message, found.error().nextStep).trimmed());
            m_fileRemark->setVisible(kind() == CertificateFile);
        });
}

Result<GivenCredential> CredentialRows::readSecret(ServicePrincipal principal) const
{
    std::optional<Core::Secret> secret;
    if (!m_secret->text().isEmpty()) {
        secret = Core::Secret::take(Identity::cleaned(m_secret->text()).toUtf8());
        principal = withNewCredential(Stored::Secret, principal);
    }
    const QString ends = m_ends->text().trimmed();
    const auto when = Identity::parseExpiry(ends);
    if (!ends.isEmpty() && !when)
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = tr("“%1” is no day.").arg(ends.left(40)),
                     .nextStep = tr("Write the end as 2026-03-01, or leave it empty.")};
    principal.credentialExpiresAt = when.value_or(QDateTime());
    return GivenCredential{principal, secret};
}

void CredentialRows::read(const ServicePrincipal &principal, const QDateTime &now, QObject *context,
                          Core::Done<GivenCredential> done)
{
    const QString file = m_certificate->text().trimmed(), token = m_tokenFile->text().trimmed();
    const bool stays = m_kept && kind() == CertificateFile && file.isEmpty();
    const Result<GivenCredential> typed =
        kind() == Secret ? readSecret(principal) : GivenCredential{principal, {}};
    inBackground<Result<GivenCredential>>(
        context,
        [=, kind = kind(), days = m_days->value(),
         passphrase = textOf(*m_passphrase)]() -> Result<GivenCredential> {
            if (kind == Secret || stays)
                return typed;
            if (kind == TokenFile)
                return withTokenFile(principal, token);
            return withCertificate(
                principal, kind == CertificateFile
                               ? certificateIn(file, passphrase, now)
                               : Identity::makeCertificate(principal.name.left(64), days, now));
        },
        std::move(done));
}

void CredentialRows::wipe()
{
    m_secret->clear();
    m_passphrase->clear();
}

} // namespace Ui
