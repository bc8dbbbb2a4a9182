#include "ui/roles/operatordialog.h"

#include "services/operatorsignin.h"
#include "services/services.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Services::Operator;
using Services::OperatorSignIn;

namespace {

QString wayInWords(Operator::Way way)
{
    switch (way) {
    case Operator::Way::Az: return OperatorDialog::tr("az's own session");
    case Operator::Way::DeviceCode: return OperatorDialog::tr("device code");
    case Operator::Way::Browser: return OperatorDialog::tr("browser");
    }
    return {};
}

} // namespace

OperatorDialog::OperatorDialog(Services::Services &services, const QString &cloud,
                               const QString &tenant, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_cloud(cloud)
{
    setObjectName(u"operatorDialog"_s);
    setWindowTitle(tr("Operator"));
    m_error = new ErrorPanel(this);
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"operatorStatus"_s);
    m_status->setWordWrap(true);
    auto *intro = plainLabel(
        tr("Roles are changed by the rights of a person, apart from the principals. Refresh tokens "
           "are kept in the keychain only."),
        this);
    intro->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(makeList(), 1);
    layout->addWidget(makeSignIn(tenant));
    layout->addWidget(makeInvitation());
    layout->addWidget(m_status);
    layout->addWidget(m_error);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 92, fontMetrics().height() * 24);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    setBusy({});
    reload();
}

OperatorDialog::~OperatorDialog() = default;

QWidget *OperatorDialog::makeList()
{
    auto *box = new QWidget(this);
    m_list = new QTreeWidget(box);
    m_list->setObjectName(u"operators"_s);
    m_list->setAccessibleName(tr("Who is signed in"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHeaderLabels({tr("Who"), tr("Tenant"), tr("Cloud"), tr("By"), tr("Since")});
    m_out = new QPushButton(tr("Sign &out"), box);
    m_out->setObjectName(u"signOut"_s);
    m_out->setToolTip(tr("Forgets the sign-in and its refresh token here; Entra ID does not learn "
                         "of it, and az stays signed in"));
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_out, 0, Qt::AlignTop);
    connect(m_list, &QTreeWidget::currentItemChanged, this,
            [this](QTreeWidgetItem *item) { m_out->setEnabled(item && !m_flow); });
    connect(m_out, &QPushButton::clicked, this, &OperatorDialog::signOut);
    return box;
}

QWidget *OperatorDialog::makeSignIn(const QString &tenant)
{
    auto *box = new QWidget(this);
    m_tenant = new QLineEdit(tenant, box);
    m_tenant->setAccessibleName(tr("Tenant to sign in to"));
    m_tenant->setPlaceholderText(tr("ID or domain; empty for your own"));
    m_way = new QComboBox(box);
    m_way->setAccessibleName(tr("Way to sign in"));
    for (const Operator::Way way :
         {Operator::Way::Browser, Operator::Way::DeviceCode, Operator::Way::Az})
        m_way->addItem(wayInWords(way), int(way));
    m_in = new QPushButton(tr("Sign &in"), box);
    m_in->setObjectName(u"signIn"_s);
    m_cancel = new QPushButton(tr("Cancel sign-in"), box);
    auto *row = new QHBoxLayout;
    row->addWidget(m_way, 1);
    row->addWidget(m_in);
    row->addWidget(m_cancel);
    auto *form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Tenant"), m_tenant);
    auto *by = new QLabel(tr("&By"), box);
    by->setBuddy(m_way);
    form->addRow(by, row);
    m_in->setDefault(true);
    connect(m_in, &QPushButton::clicked, this, &OperatorDialog::signIn);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_flow->cancel(); });
    return box;
}

QWidget *OperatorDialog::makeInvitation()
{
    m_invitation = new QWidget(this);
    m_told = plainLabel({}, m_invitation);
    m_told->setWordWrap(true);
    m_code = titleLabel({}, m_invitation);
    m_code->setObjectName(u"userCode"_s);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *layout = new QHBoxLayout(m_invitation);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_told, 1);
    layout->addWidget(m_code);
    layout->addWidget(copyButton(
        tr("what to enter"), [this] { return m_copied; }, m_invitation));
    return m_invitation;
}

void OperatorDialog::reload()
{
    const Result<QList<Operator>> all = m_services.operators.list();
    m_list->clear();
    m_signedIn = all ? *all : QList<Operator>();
    if (!all)
        m_error->setError(all.error());
    for (const Operator &one : std::as_const(m_signedIn)) {
        const QString tenant = one.tenantId.isEmpty() ? one.tenant : one.tenantId;
        auto *item = new QTreeWidgetItem(
            m_list,
            {one.username.isEmpty() ? tr("somebody") : one.username, tenant, one.cloud,
             wayInWords(one.way), one.signedInAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s)});
        for (int column = 0; column < 3; ++column)
            item->setToolTip(column, item->text(column).toHtmlEscaped());
    }
    m_list->resizeColumnToContents(0);
    if (!m_signedIn.isEmpty())
        m_list->setCurrentItem(m_list->topLevelItem(0));
    m_out->setEnabled(m_list->currentItem() && !m_flow);
}

void OperatorDialog::signIn()
{
    m_error->clear();
    OperatorSignIn::Request request;
    request.way = Operator::Way(m_way->currentData().toInt());
    request.cloud = m_cloud;
    request.tenant = m_tenant->text().trimmed();
    m_flow = std::make_unique<OperatorSignIn>(m_services, request);
    connect(m_flow.get(), &OperatorSignIn::codeReady, this, &OperatorDialog::showCode);
    connect(m_flow.get(), &OperatorSignIn::openBrowser, this, &OperatorDialog::showAddress);
    connect(m_flow.get(), &OperatorSignIn::finished, this, &OperatorDialog::ended);
    setBusy(tr("Signing in …"));
    m_flow->start();
}

void OperatorDialog::showCode(const Identity::DeviceCode &code)
{
    m_told->setText(tr("Open %1 in any browser and enter:").arg(code.verificationUri.toString()));
    m_code->setText(code.userCode);
    m_copied = code.userCode;
    m_invitation->show();
    m_status->setText(
        tr("Waiting for you, until %1.").arg(code.expiresAt.toLocalTime().toString(u"hh:mm"_s)));
}

void OperatorDialog::showAddress(const QUrl &url)
{
    const bool opened = QDesktopServices::openUrl(url);
    m_told->setText(opened ? tr("The browser is open. Where it is not, copy the address.")
                           : tr("No browser could be started: copy the address and open it on "
                                "this machine."));
    m_code->clear();
    m_copied = url.toString();
    m_invitation->show();
    m_status->setText(tr("Waiting for the browser."));
}

void OperatorDialog::ended(const Result<Operator> &who)
{
    m_flow.release()->deleteLater();
    setBusy({});
    if (!who) {
        if (who.error().kind == Error::Kind::Cancelled)
            return m_status->setText(who.error().message);
        return m_error->setError(who.error());
    }
    reload();
    m_status->setText(
        tr("%1 is signed in.").arg(who->username.isEmpty() ? tr("Somebody") : who->username));
    emit changed();
}

void OperatorDialog::signOut()
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    if (row < 0 || row >= m_signedIn.size())
        return;
    m_error->clear();
    m_out->setEnabled(false);
    m_services.operators.signOut(m_signedIn[row], this, [this](const Result<void> &out) {
        reload();
        if (!out)
            return m_error->setError(out.error());
        m_status->setText(tr("Signed out here."));
        emit changed();
    });
}

void OperatorDialog::setBusy(const QString &what)
{
    const bool busy = !what.isEmpty();
    m_in->setEnabled(!busy);
    m_way->setEnabled(!busy);
    m_tenant->setEnabled(!busy);
    m_out->setEnabled(!busy && m_list->currentItem());
    m_cancel->setEnabled(busy);
    m_invitation->hide();
    m_status->setText(what);
}

} // namespace Ui
