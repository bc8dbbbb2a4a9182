#include "ui/widgets/nameconfirmation.h"

#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

NameConfirmation::NameConfirmation(const QString &button, const QString &fieldName, QWidget *parent)
    : QWidget(parent)
{
    m_sentence = plainLabel({}, this);
    m_field = new QLineEdit(this);
    m_field->setAccessibleName(fieldName);
    m_button = new QPushButton(button, this);
    m_button->setAutoDefault(false); // Enter in another field must not press it
    auto *row = new QHBoxLayout;
    row->addWidget(m_field, 1);
    row->addWidget(m_button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_sentence);
    layout->addLayout(row);
    connect(m_field, &QLineEdit::textChanged, this, &NameConfirmation::check);
    connect(m_button, &QPushButton::clicked, this, &NameConfirmation::confirmed);
    check();
}

void NameConfirmation::setObjectNames(const QString &field, const QString &button)
{
    m_field->setObjectName(field);
    m_button->setObjectName(button);
}

void NameConfirmation::setSubject(const QString &sentence, const QString &name)
{
    m_sentence->setText(sentence);
    if (name != m_wanted)
        clear();
    m_wanted = name;
    check();
}

QString NameConfirmation::typed() const
{
    return m_field->text();
}

void NameConfirmation::clear()
{
    m_field->clear();
}

void NameConfirmation::focusField()
{
    m_field->setFocus();
}

void NameConfirmation::check()
{
    m_button->setEnabled(!m_wanted.isEmpty() && m_field->text() == m_wanted);
}

} // namespace Ui
