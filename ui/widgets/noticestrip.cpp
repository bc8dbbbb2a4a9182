#include "ui/widgets/noticestrip.h"

#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace Ui {

using namespace Qt::StringLiterals;

NoticeStrip::NoticeStrip(const QString &open, const QString &openName, const QString &dismissName,
                         QWidget *parent)
    : QFrame(parent)
{
    setFrameShape(QFrame::StyledPanel);
    m_words = plainLabel({}, this);
    m_open = new QPushButton(open, this);
    m_open->setAccessibleName(openName);
    m_dismiss = new QPushButton(tr("Not now"), this);
    m_dismiss->setAccessibleName(dismissName);
    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_words, 1);
    layout->addWidget(m_open);
    layout->addWidget(m_dismiss);
    connect(m_open, &QPushButton::clicked, this, &NoticeStrip::openRequested);
    connect(m_dismiss, &QPushButton::clicked, this, [this] {
        m_dismissed = true;
        hide();
    });
    hide();
}

void NoticeStrip::setObjectNames(const QString &name)
{
    const QString capital = name.at(0).toUpper() + name.sliced(1);
    setObjectName(name + u"Notice"_s);
    m_words->setObjectName(name + u"NoticeText"_s);
    m_open->setObjectName(u"show"_s + capital + u"Button"_s);
    m_dismiss->setObjectName(u"dismiss"_s + capital + u"Button"_s);
}

void NoticeStrip::say(const QString &words, bool news)
{
    m_dismissed = m_dismissed && !news;
    m_words->setText(words);
    setVisible(!words.isEmpty() && !m_dismissed);
}

} // namespace Ui
