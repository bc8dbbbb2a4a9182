#include "ui/storage/uploaddialog.h"

#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QMimeDatabase>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Storage::BlobClient;

UploadDialog::UploadDialog(Services::Services &services, Blob target, const QString &path,
                           QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_target(std::move(target))
    , m_path(path)
{
    setObjectName(u"uploadDialog"_s);
    setWindowTitle(tr("Upload a file"));
    const QFileInfo file(path);
    m_name = new QLineEdit(m_target.name + file.fileName(), this);
    m_name->setObjectName(u"uploadNameField"_s);
    m_type = new QLineEdit(
        QMimeDatabase().mimeTypeForFile(path, QMimeDatabase::MatchExtension).name(), this);
    m_type->setObjectName(u"uploadTypeField"_s);
    m_there = plainLabel({}, this);
    m_there->setObjectName(u"uploadThere"_s);
    m_typed = new QLineEdit(this);
    m_typed->setObjectName(u"uploadTypedField"_s);
    m_typed->setAccessibleName(tr("Name of the blob to replace"));
    m_status = quietLabel({}, this);
    m_error = new ErrorPanel(this);

    auto *form = new QFormLayout;
    form->addRow(tr("File"), plainLabel(tr("%1 (%2)").arg(QDir::toNativeSeparators(path),
                                                          QLocale().formattedDataSize(file.size())),
                                        this));
    form->addRow(tr("Account"), plainLabel(m_target.account.toString(), this));
    form->addRow(tr("Container"), plainLabel(m_target.container, this));
    form->addRow(tr("As"), plainLabel(m_target.principal.name, this));
    form->addRow(tr("&Blob"), m_name);
    form->addRow(tr("Content &type"), m_type);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_upload = buttons->addButton(tr("&Upload"), QDialogButtonBox::AcceptRole);
    m_upload->setObjectName(u"uploadConfirmButton"_s);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(titleLabel(tr("This changes data in the cloud: a blob is written."), this));
    layout->addLayout(form);
    layout->addWidget(m_there);
    layout->addWidget(m_typed);
    layout->addWidget(m_error);
    layout->addStretch(1);
    layout->addWidget(m_status);
    layout->addWidget(buttons);
    const int wide = fontMetrics().averageCharWidth() * 90;
    layout->activate();
    resize(wide, layout->totalHeightForWidth(wide));

    connect(m_name, &QLineEdit::textChanged, this, &UploadDialog::renamed);
    connect(m_typed, &QLineEdit::textChanged, this, [this] { setBusy(false); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_upload, &QPushButton::clicked, this,
            [this] { m_target.etag.isEmpty() ? look() : confirm(); });
    renamed();
}

UploadDialog::~UploadDialog() = default;

void UploadDialog::renamed()
{
    m_target.name = m_name->text();
    m_target.etag.clear();
    m_there->hide();
    m_typed->hide();
    m_typed->clear();
    m_error->clear();
    m_upload->setText(tr("&Upload"));
    setBusy(false);
}

void UploadDialog::setBusy(bool busy)
{
    if (!busy)
        m_work.reset();
    m_status->setText(busy ? tr("Looking whether there is such a blob …") : QString());
    const bool named = !m_target.name.trimmed().isEmpty();
    m_upload->setEnabled(!busy && named &&
                         (m_target.etag.isEmpty() || m_typed->text() == m_target.name));
}

void UploadDialog::fail(const Error &error)
{
    setBusy(false);
    m_error->setError(error);
    growToFit(*this);
}

void UploadDialog::look()
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    setBusy(true);
    Services::signIn(
        m_services, m_target.principal, u"storage"_s, m_work.get(),
        [this](const Result<Services::SignedIn> &session) {
            if (!session)
                return fail(session.error());
            BlobClient client(m_services.transport, m_services.clock,
                              {m_target.account, session->cloud.trust});
            client.head(session->token, m_target.container, m_target.name, m_work.get(),
                        [this](const Result<BlobClient::Properties> &there) {
                            if (there)
                                return found(there->etag,
                                             tr("%1, modified %2")
                                                 .arg(QLocale().formattedDataSize(std::max<qint64>(
                                                          0, there->contentLength)),
                                                      QString::fromLatin1(Http::header(
                                                          there->headers, "Last-Modified"))));
                            const Error &error = there.error();
                            const bool absent = error.code == u"BlobNotFound" ||
                                                (error.status == 404 && error.code.isEmpty());
                            // Who may not read may write all the same; then the service itself
                            // refuses to overwrite.
                            if (absent || error.code == u"AuthorizationPermissionMismatch")
                                return confirm();
                            fail(error);
                        });
        });
}

void UploadDialog::found(const QString &etag, const QString &what)
{
    setBusy(false);
    if (etag.isEmpty())
        return fail({.kind = Error::Kind::BadResponse,
                     .message = tr("There is such a blob already, and the service does not say in "
                                   "which state (ETag); it is not replaced.")});
    m_target.etag = etag;
    m_there->setText(tr("There is a blob “%1” already (%2). To replace it, and lose what it holds, "
                        "type its name:")
                         .arg(m_target.name, what));
    m_there->show();
    m_typed->show();
    m_typed->setFocus();
    m_upload->setText(tr("&Replace"));
    setBusy(false);
    growToFit(*this);
}

void UploadDialog::confirm()
{
    emit confirmed(m_target, m_path, m_type->text().trimmed());
    accept();
}

} // namespace Ui
