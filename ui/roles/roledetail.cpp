#include "ui/roles/roledetail.h"

#include "access/rolecatalogue.h"
#include "azure/newassignment.h"
#include "ui/models/assignmenttree.h"
#include "ui/widgets/labels.h"

#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

RoleDetail::RoleDetail(QWidget *parent)
    : QWidget(parent)
{
    m_title = titleLabel({}, this);
    m_words = plainLabel({}, this);
    m_words->setObjectName(u"roleWords"_s);
    m_condition = plainLabel({}, this);
    m_command = plainLabel({}, this);
    for (QLabel *one : {m_title, m_words, m_condition, m_command}) {
        one->setWordWrap(true);
        one->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_actions = new QPlainTextEdit(this);
    m_actions->setReadOnly(true);
    m_actions->setTabChangesFocus(true);
    m_actions->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_actions->setAccessibleName(tr("The role's actions"));
    m_copy = copyButton(
        tr("the command"), [this] { return m_command->text(); }, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_words);
    layout->addWidget(m_condition);
    layout->addWidget(m_actions, 1);
    layout->addWidget(m_command);
    layout->addWidget(m_copy);
    layout->addStretch();
    show(nullptr, nullptr);
}

void RoleDetail::show(const Azure::RoleAssignment *assignment, const Azure::RoleDefinition *role)
{
    m_title->setText(role         ? role->name
                     : assignment ? tr("A role that is not known here")
                                  : QString());
    m_title->setVisible(!m_title->text().isEmpty());
    m_words->setText(role || assignment ? QString() : tr("Choose one to see what it allows."));
    if (role) {
        const Access::RoleSummary summary = Access::summaryOf(*role);
        const QString count = summary.permissions == 1
                                  ? tr("1 permission")
                                  : tr("%1 permissions").arg(summary.permissions);
        m_words->setText(
            tr("%1\n%2. Risk: %3, it %4.")
                .arg(role->description, count, Access::riskName(summary.risk), summary.why));
    }
    const bool conditional = assignment && !assignment->condition.isEmpty();
    m_condition->setText(conditional ? tr("Only if: %1").arg(assignment->condition) : QString());
    m_condition->setVisible(conditional);
    m_actions->setVisible(role);
    m_actions->setPlainText(role ? roleActions(*role) : QString());
    m_command->setText(assignment ? Azure::azDeleteAssignment(assignment->id) : QString());
    m_copy->setVisible(assignment);
}

} // namespace Ui
