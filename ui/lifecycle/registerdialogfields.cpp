#include "services/services.h"
#include "ui/lifecycle/registerdialog.h"
#include "ui/principals/clouds.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

// What the dialog asks for.
namespace Ui {

using namespace Qt::StringLiterals;
using Lifecycle::RegisterApplication;

QWidget *RegisterDialog::makeFields()
{
    m_fields = new QWidget(this);
    makeName();
    makeCredential();
    m_tenant = new QLineEdit(m_fields);
    m_tenant->setObjectName(u"registerTenant"_s);
    m_tenant->setPlaceholderText(tr("ID or domain"));
    m_cloud = new QComboBox(m_fields);
    m_cloud->setObjectName(u"registerCloud"_s);
    addKnownClouds(*m_cloud, m_services);
    auto *form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Environment"), m_environment);
    form->addRow(tr("&Credential"), m_kind);
    form->addRow(tr("&Lasts"), m_days);
    form->addRow(tr("&Tenant"), m_tenant);
    form->addRow(tr("Cl&oud"), m_cloud);
    addOperator(form);
    addCommand(form);
    for (QLineEdit *one : {m_name, m_tenant, m_environment->lineEdit()})
        connect(one, &QLineEdit::textChanged, this, &RegisterDialog::update);
    for (QComboBox *one : {m_kind, m_cloud})
        connect(one, &QComboBox::currentIndexChanged, this, &RegisterDialog::update);
    connect(m_days, &QSpinBox::valueChanged, this, &RegisterDialog::update);
    return m_fields;
}

void RegisterDialog::makeName()
{
    m_name = new QLineEdit(m_fields);
    m_name->setObjectName(u"registerName"_s);
    m_name->setMaxLength(256);
    m_name->setPlaceholderText(tr("what it is for, and where: orders-api-production"));
    m_environment = new QComboBox(m_fields);
    m_environment->setEditable(true);
    m_environment->addItems({u"production"_s, u"test"_s, u"development"_s});
    m_environment->setCurrentIndex(-1);
    m_environment->lineEdit()->setPlaceholderText(tr("production, test, development, or any word"));
    m_environment->lineEdit()->setAccessibleName(tr("Environment"));
}

void RegisterDialog::makeCredential()
{
    m_kind = new QComboBox(m_fields);
    m_kind->setObjectName(u"registerKind"_s);
    m_kind->addItems({tr("a client secret"), tr("a certificate, made here")});
    m_days = new DaysBox(tr("Lasts"), RegisterApplication::longestDays,
                         RegisterApplication::defaultDays, m_fields);
    m_days->setObjectName(u"registerDays"_s);
    m_days->setToolTip(tr("24 months at most"));
}

void RegisterDialog::addCommand(QFormLayout *form)
{
    m_remark = plainLabel({}, m_fields);
    m_remark->setObjectName(u"registerRemark"_s);
    m_command = new QPlainTextEdit(m_fields);
    m_command->setReadOnly(true);
    m_command->setTabChangesFocus(true);
    m_command->setWordWrapMode(QTextOption::WrapAnywhere);
    m_command->setFixedHeight(fontMetrics().lineSpacing() * 5);
    m_command->setAccessibleName(tr("Commands that do the same with az"));
    m_command->setObjectName(u"registerCommand"_s);
    form->addRow(QString(), m_remark);
    auto *command = new QHBoxLayout;
    command->addWidget(m_command, 1);
    command->addWidget(copyButton(
        tr("commands"), [this] { return m_command->toPlainText(); }, m_fields));
    form->addRow(tr("With az"), command);
}

void RegisterDialog::addOperator(QFormLayout *form)
{
    m_operator = plainLabel({}, m_fields);
    m_operator->setObjectName(u"registerOperator"_s);
    auto *change = new QPushButton(tr("Operator …"), m_fields);
    change->setObjectName(u"registerOperatorButton"_s);
    change->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_operator, 1);
    row->addWidget(change);
    form->addRow(tr("Signed in"), row);
    connect(change, &QPushButton::clicked, this, [this] {
        emit operatorRequested(m_cloud->currentData().toString(), m_tenant->text().trimmed());
    });
}

void RegisterDialog::offer(const QString &cloud, const QString &tenant)
{
    QString where = cloud, whose = tenant;
    if (const auto all = m_services.operators.list(); where.isEmpty() && all && !all->isEmpty()) {
        const Services::Operator &newest = all->constFirst();
        where = newest.cloud;
        whose = newest.tenantId.isEmpty() ? newest.tenant : newest.tenantId;
        if (m_cloud->findData(where) < 0)
            m_cloud->addItem(where, where);
    }
    m_cloud->setCurrentIndex(std::max(0, m_cloud->findData(where)));
    m_tenant->setText(whose);
}

} // namespace Ui
