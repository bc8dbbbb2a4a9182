#include "ui/roles/rolesearch.h"

#include "ui/models/rolemodel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tables.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

RoleSearch::RoleSearch(const QString &fieldName, QWidget *parent)
    : QWidget(parent)
{
    m_model = new RoleModel(Azure::builtInRoles(), this);
    m_text = new QLineEdit(this);
    m_text->setObjectName(u"roleSearchField"_s);
    m_text->setAccessibleName(fieldName);
    m_text->setPlaceholderText(tr("words, or an operation: Microsoft.Storage/…/blobs/delete"));
    m_text->setClearButtonEnabled(true);
    m_questions = new QComboBox(this);
    m_questions->setObjectName(u"roleQuestions"_s);
    m_questions->setAccessibleName(tr("Who may …"));
    addQuestions();
    m_table = plainTable(m_model, tr("Roles"), this);
    m_table->setObjectName(u"rolesFound"_s);
    m_table->horizontalHeader()->setSectionResizeMode(RoleModel::Name, QHeaderView::Stretch);
    m_count = quietLabel({}, this);
    m_count->setObjectName(u"rolesFoundCount"_s);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_text, 3);
    bar->addWidget(m_questions, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_count);
    setFocusProxy(m_text);
    connect(m_text, &QLineEdit::textChanged, this, &RoleSearch::search);
    connect(m_questions, &QComboBox::activated, this, [this](int row) {
        m_text->setText(m_questions->itemData(row).toString());
        m_questions->setCurrentIndex(0);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RoleSearch::changed);
    search();
}

// What people ask, and the operation that it comes down to.
void RoleSearch::addQuestions()
{
    const QString blob = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"_s;
    const QString container = u"Microsoft.Storage/storageAccounts/blobServices/containers/"_s;
    m_questions->addItem(tr("Who may …"), QString());
    m_questions->addItem(tr("read a blob?"), blob + u"read"_s);
    m_questions->addItem(tr("write a blob?"), blob + u"write"_s);
    m_questions->addItem(tr("delete a blob?"), blob + u"delete"_s);
    m_questions->addItem(tr("read a blob's tags?"), blob + u"tags/read"_s);
    m_questions->addItem(tr("change a blob's tags?"), blob + u"tags/write"_s);
    m_questions->addItem(tr("list containers?"), container + u"read"_s);
    m_questions->addItem(tr("make a container?"), container + u"write"_s);
    m_questions->addItem(tr("delete a container?"), container + u"delete"_s);
    m_questions->addItem(tr("read the account's keys?"),
                         u"Microsoft.Storage/storageAccounts/listKeys/action"_s);
    m_questions->addItem(tr("give roles to others?"),
                         u"Microsoft.Authorization/roleAssignments/write"_s);
}

void RoleSearch::search()
{
    m_model->search(m_text->text());
    const int found = m_model->rowCount();
    const bool operation = m_text->text().contains(u'/');
    m_count->setText(found == 0   ? tr("No built-in role.")
                     : found == 1 ? tr("1 built-in role.")
                     : operation ? tr("%1 built-in roles, those that allow least first.").arg(found)
                                 : tr("%1 built-in roles.").arg(found));
    if (found > 0 && !m_text->text().isEmpty())
        m_table->setCurrentIndex(m_model->index(0, 0));
    else
        m_table->setCurrentIndex({});
    emit changed();
}

const Azure::RoleDefinition *RoleSearch::role() const
{
    return m_model->roleAt(m_table->currentIndex());
}

QWidget *RoleSearch::field() const
{
    return m_text;
}

} // namespace Ui
