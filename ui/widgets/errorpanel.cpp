#include "ui/widgets/errorpanel.h"

#include "access/remedies.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

ErrorPanel::ErrorPanel(QWidget *parent) : QFrame(parent)
{
    setObjectName(u"errorPanel"_s);
    setFrameShape(QFrame::StyledPanel);
    m_message = plainLabel({}, this);
    m_message->setObjectName(u"errorMessage"_s);
    QFont bold = m_message->font();
    bold.setWeight(QFont::DemiBold);
    m_message->setFont(bold);
    m_nextStep = plainLabel({}, this);
    m_nextStep->setObjectName(u"errorNextStep"_s);
    m_code = quietLabel({}, this);
    m_copy = copyButton(tr("error"), [this] { return m_text; }, this);
    QPalette colors = m_message->palette();
    colors.setColor(QPalette::WindowText, observationColor(Access::Observation::Denied, palette()));
    m_message->setPalette(colors);

    auto *texts = new QVBoxLayout;
    texts->addWidget(m_message);
    texts->addWidget(m_nextStep);
    texts->addWidget(m_code);
    auto *row = new QHBoxLayout(this);
    row->addLayout(texts, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    hide();
}

void ErrorPanel::setError(const Core::Error &given)
{
    const Core::Error error = Access::withRemedy(given);
    m_text = Core::describe(error);
    m_message->setText(error.message);
    m_nextStep->setText(error.nextStep.isEmpty() ? QString() : tr("Next: %1").arg(error.nextStep));
    m_nextStep->setVisible(!error.nextStep.isEmpty());
    QStringList facts;
    if (!error.code.isEmpty())
        facts.append(error.code);
    if (!error.requestId.isEmpty())
        facts.append(tr("request %1").arg(error.requestId));
    m_code->setText(facts.join(u" · "_s));
    m_code->setVisible(!facts.isEmpty());
    setAccessibleName(m_text);
    show();
}

void ErrorPanel::clear()
{
    m_text.clear();
    hide();
}

} // namespace Ui
