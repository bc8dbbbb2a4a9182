#include "ui/roles/assigndialog.h"

#include "access/condition.h"
#include "access/rolecatalogue.h"
#include "lifecycle/assignrole.h"
#include "ui/roles/rolesearch.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::ConditionForm;
using Core::Error;
using Core::Result;
using Lifecycle::AssignRole;

namespace {
enum Kind { None, PathPrefix, Tag, Container, Text };
}

AssignDialog::AssignDialog(Lifecycle::Parts parts, Identity::Cloud cloud, QString objectId,
                           const Azure::Scope &scope, QWidget *parent)
    : QDialog(parent)
    , m_parts(std::move(parts))
    , m_cloud(std::move(cloud))
    , m_objectId(std::move(objectId))
{
    setWindowTitle(tr("Assign a role"));
    setObjectName(u"assignDialog"_s);
    m_search = new RoleSearch(tr("Role"), this);
    m_role = quietLabel({}, this);
    m_scope = new QLineEdit(scope.id(), this);
    m_kind = new QComboBox(this);
    m_kind->addItems({tr("none"), tr("path begins with"), tr("index tag is"), tr("container is"),
                      tr("as text")});
    m_key = new QLineEdit(this);
    m_key->setPlaceholderText(tr("tag"));
    m_key->setAccessibleName(tr("Tag"));
    m_value = new QLineEdit(this);
    m_value->setAccessibleName(tr("Condition"));
    m_remark = quietLabel({}, this);
    m_command = plainLabel({}, this);
    for (QLabel *one : {m_role, m_remark, m_command})
        one->setWordWrap(true);
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_role->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    m_command->setMinimumHeight(fontMetrics().lineSpacing() * 4);
    m_command->setAlignment(Qt::AlignTop);
    m_error = new ErrorPanel(this);

    auto *conditionRow = new QHBoxLayout;
    conditionRow->addWidget(m_kind);
    conditionRow->addWidget(m_key, 1);
    conditionRow->addWidget(m_value, 2);
    auto *form = new QFormLayout;
    form->addRow(tr("&Role"), m_search);
    form->addRow(QString(), m_role);
    form->addRow(tr("&Where"), m_scope);
    auto *onlyIf = new QLabel(tr("Only i&f"), this);
    onlyIf->setBuddy(m_kind);
    form->addRow(onlyIf, conditionRow);
    form->addRow(QString(), m_remark);
    auto *command = new QHBoxLayout;
    command->addWidget(m_command, 1);
    command->addWidget(copyButton(
        tr("the command"), [this] { return m_command->text(); }, this));
    form->addRow(tr("With az"), command);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Cancel)->setIcon({});
    m_assign = buttons->addButton(tr("&Assign"), QDialogButtonBox::AcceptRole);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form, 1);
    layout->addWidget(m_error);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 34);

    connect(m_search, &RoleSearch::changed, this, &AssignDialog::showRole);
    for (QLineEdit *one : {m_scope, m_key, m_value})
        connect(one, &QLineEdit::textChanged, this, &AssignDialog::update);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AssignDialog::update);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_assign, &QPushButton::clicked, this, &AssignDialog::assign);
    showRole();
}

AssignDialog::~AssignDialog() = default;

void AssignDialog::showRole()
{
    const auto *role = m_search->role();
    m_role->setText(role ? tr("%1\nIt %2.").arg(role->description, Access::summaryOf(*role).why)
                         : tr("Choose a role."));
    update();
}

Result<QString> AssignDialog::condition() const
{
    switch (m_kind->currentIndex()) {
    case PathPrefix:
        return Access::conditionText({ConditionForm::Kind::PathPrefix, {}, m_value->text()});
    case Tag:
        return Access::conditionText({ConditionForm::Kind::Tag, m_key->text(), m_value->text()});
    case Container:
        return Access::conditionText({ConditionForm::Kind::Container, {}, m_value->text()});
    case Text: {
        const auto parsed = Access::Condition::parse(m_value->text());
        return parsed ? Result<QString>(m_value->text()) : Result<QString>(parsed.error());
    }
    default: return QString();
    }
}

Result<Azure::NewAssignment> AssignDialog::wanted() const
{
    const auto *role = m_search->role();
    if (!role)
        return Error{.kind = Error::Kind::InvalidInput, .message = tr("Choose a role.")};
    const auto scope = Azure::Scope::parse(m_scope->text());
    if (!scope)
        return scope.error();
    const Result<QString> when = condition();
    if (!when)
        return when.error();
    return Azure::NewAssignment{*scope, role->id, m_objectId, u"ServicePrincipal"_s, *when, {}};
}

void AssignDialog::update()
{
    const int kind = m_kind->currentIndex();
    m_key->setVisible(kind == Tag);
    m_value->setVisible(kind != None);
    QString remark;
    if (kind != None && kind != Text)
        remark = Access::conditionRemark({kind == PathPrefix ? ConditionForm::Kind::PathPrefix
                                          : kind == Tag      ? ConditionForm::Kind::Tag
                                                             : ConditionForm::Kind::Container,
                                          {},
                                          {}});
    const Result<Azure::NewAssignment> assignment = wanted();
    m_remark->setText(assignment ? remark : assignment.error().message);
    const auto role = assignment
                          ? Access::findRole(Azure::builtInRoles(), assignment->roleDefinitionId)
                          : std::nullopt;
    m_command->setText(assignment ? Azure::azCommand(*assignment, role ? role->name : QString())
                                  : QString());
    m_assign->setEnabled(assignment.has_value() && !m_flow);
}

void AssignDialog::assign()
{
    const Result<Azure::NewAssignment> assignment = wanted();
    if (!assignment)
        return m_error->setError(assignment.error());
    m_error->clear();
    m_flow = std::make_unique<AssignRole>(m_parts, m_cloud, *assignment);
    m_assign->setEnabled(false);
    connect(m_flow.get(), &AssignRole::announced, this,
            [this](const auto &one) { m_remark->setText(one.text); });
    connect(m_flow.get(), &AssignRole::finished, this, [this] {
        emit assigned();
        accept();
    });
    connect(m_flow.get(), &AssignRole::failed, this, [this](const Error &error) {
        m_flow.release()->deleteLater();
        m_error->setError(error);
        update();
    });
    m_flow->start();
}

} // namespace Ui
