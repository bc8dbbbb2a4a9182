#include "ui/storage/deletedialog.h"

#include "access/missingpermission.h"
#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

DeleteDialog::DeleteDialog(Services::Services &services, Blob blob, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_blob(std::move(blob))
{
    setObjectName(u"deleteDialog"_s);
    setWindowTitle(tr("Delete a blob"));
    m_typed = new QLineEdit(this);
    m_typed->setObjectName(u"deleteTypedField"_s);
    m_typed->setAccessibleName(tr("Name of the blob to delete"));
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"deleteStatus"_s);
    m_error = new ErrorPanel(this);
    auto *form = new QFormLayout;
    form->addRow(tr("Account"), plainLabel(m_blob.account.toString(), this));
    form->addRow(tr("Container"), plainLabel(m_blob.container, this));
    form->addRow(tr("As"), plainLabel(m_blob.principal.name, this));
    auto *name = plainLabel(m_blob.name, this);
    name->setObjectName(u"deleteName"_s);
    form->addRow(tr("Blob"), name);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_delete = buttons->addButton(tr("&Delete"), QDialogButtonBox::DestructiveRole);
    m_delete->setObjectName(u"deleteConfirmButton"_s);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(titleLabel(tr("This changes data in the cloud: the blob is deleted."), this));
    layout->addLayout(form);
    layout->addWidget(plainLabel(tr("Whether it can be restored depends on the account's soft "
                                    "delete and versions, which are not read here. "
                                    "To delete it, type its name:"),
                                 this));
    layout->addWidget(m_typed);
    layout->addWidget(m_error);
    layout->addStretch(1);
    layout->addWidget(m_status);
    layout->addWidget(buttons);
    const int wide = fontMetrics().averageCharWidth() * 80;
    layout->activate();
    resize(wide, layout->totalHeightForWidth(wide));
    connect(m_typed, &QLineEdit::textChanged, this, &DeleteDialog::update);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_delete, &QPushButton::clicked, this, &DeleteDialog::start);
    update();
}

DeleteDialog::~DeleteDialog() = default;

void DeleteDialog::update()
{
    m_delete->setEnabled(!m_work && m_typed->text() == m_blob.name);
    m_typed->setReadOnly(m_work != nullptr);
    m_status->setText(m_work ? tr("Deleting …") : QString());
}

void DeleteDialog::fail(const Error &error)
{
    m_work.reset();
    update();
    const auto operation =
        Access::operationOf("DELETE", u'/' + m_blob.container + u'/' + m_blob.name, {}, {});
    m_error->setError(operation ? Access::withMissingPermission(error, *operation) : error);
    growToFit(*this);
}

void DeleteDialog::start()
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    update();
    Services::signIn(m_services, m_blob.principal, u"storage"_s, m_work.get(),
                     [this](const Result<Services::SignedIn> &session) {
                         if (!session)
                             return fail(session.error());
                         Storage::BlobClient client(m_services.transport, m_services.clock,
                                                    {m_blob.account, session->cloud.trust});
                         client.remove(session->token, m_blob.container, m_blob.name, m_blob.etag,
                                       m_work.get(), [this](const Result<void> &removed) {
                                           if (!removed)
                                               return fail(removed.error());
                                           emit deleted(m_blob);
                                           accept();
                                       });
                     });
}

} // namespace Ui
