#include "ui/principals/welcomepage.h"

#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

WelcomePage::WelcomePage(QWidget *parent) : QWidget(parent)
{
    setObjectName(u"welcomePage"_s);
    QPushButton *paste = door(tr("Paste"), tr("what az ad sp create-for-rbac printed, or an environment file"), u"pasteDoor"_s);
    QPushButton *type = door(tr("Type"), tr("tenant, client ID and secret"), u"typeDoor"_s);
    m_sandbox = door(tr("Practise"), tr("in the sandbox: a small company on this machine, without Azure"), u"sandboxDoor"_s);
    m_status = quietLabel({}, this);
    m_status->setAlignment(Qt::AlignHCenter);
    m_error = new ErrorPanel(this);

    auto *doors = new QHBoxLayout;
    doors->setSpacing(16);
    for (QPushButton *one : {paste, type, m_sandbox})
        doors->addWidget(one);
    auto *column = new QVBoxLayout;
    column->setSpacing(14);
    QLabel *title = titleLabel(tr("What may your application do in Azure?"), this);
    title->setAlignment(Qt::AlignHCenter);
    QLabel *text = quietLabel(tr("Rolescope signs in as your service principal and observes, by requests that cannot change data, what it may do and where."), this);
    text->setAlignment(Qt::AlignHCenter);
    column->addWidget(title);
    column->addWidget(text);
    column->addSpacing(10);
    column->addLayout(doors);
    column->addWidget(m_status);
    column->addWidget(m_error);
    auto *centre = new QHBoxLayout;
    centre->addStretch(1);
    centre->addLayout(column, 8);
    centre->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addLayout(centre);
    layout->addStretch(3);

    connect(paste, &QPushButton::clicked, this, &WelcomePage::pasteRequested);
    connect(type, &QPushButton::clicked, this, &WelcomePage::typeRequested);
    connect(m_sandbox, &QPushButton::clicked, this, &WelcomePage::sandboxRequested);
}

QPushButton *WelcomePage::door(const QString &title, const QString &text, const QString &name)
{
    auto *button = new QPushButton(this);
    button->setObjectName(name);
    button->setAccessibleName(title + u' ' + text);
    button->setMinimumHeight(fontMetrics().height() * 7);
    button->setMinimumWidth(fontMetrics().averageCharWidth() * 26);
    auto *heading = new QLabel(title, button);
    QFont font = heading->font();
    font.setPointSizeF(font.pointSizeF() * 1.25);
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    heading->setAlignment(Qt::AlignHCenter);
    auto *body = new QLabel(text, button);
    body->setTextFormat(Qt::PlainText);
    body->setWordWrap(true);
    body->setAlignment(Qt::AlignHCenter);
    auto *layout = new QVBoxLayout(button);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addStretch(1);
    for (QLabel *label : {heading, body}) {
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        layout->addWidget(label);
    }
    layout->addStretch(1);
    return button;
}

void WelcomePage::setSandboxStarting(bool starting)
{
    m_sandbox->setEnabled(!starting);
    m_status->setText(starting ? tr("Starting the sandbox …") : QString());
    if (starting)
        m_error->clear();
}

void WelcomePage::setError(const Core::Error &error)
{
    m_error->setError(error);
}

} // namespace Ui
