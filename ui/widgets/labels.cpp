#include "ui/widgets/labels.h"

#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLayout>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>

namespace Ui {

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QLabel *quietLabel(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, dimmed(palette));
    label->setPalette(palette);
    return label;
}

QLabel *titleLabel(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.35);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

ElidedLabel::ElidedLabel(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void ElidedLabel::setFullText(const QString &text)
{
    m_full = text;
    setToolTip(text.toHtmlEscaped());
    setAccessibleName(text);
    elide();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {60, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide()
{
    QString line = m_full;
    line.replace(u'\n', u' ');
    setText(fontMetrics().elidedText(line, Qt::ElideMiddle, std::max(60, width())));
}

QToolButton *copyButton(const QString &what, std::function<QString()> text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setText(QObject::tr("Copy %1").arg(what));
    button->setToolTip(QObject::tr("Copy %1").arg(what));
    button->setAccessibleName(QObject::tr("Copy %1").arg(what));
    QObject::connect(button, &QToolButton::clicked, button, [button, what, text = std::move(text)] {
        QApplication::clipboard()->setText(text());
        button->setText(QObject::tr("Copied"));
        QTimer::singleShot(1500, button,
                           [button, what] { button->setText(QObject::tr("Copy %1").arg(what)); });
    });
    return button;
}

// A layout asks for the height of wrapped text only when the window is shown.
void growToFit(QWidget &window)
{
    QLayout *layout = window.layout();
    layout->activate();
    const int needed = layout->hasHeightForWidth() ? layout->totalHeightForWidth(window.width())
                                                   : layout->totalSizeHint().height();
    if (needed > window.height())
        window.resize(window.width(), needed);
}

QScrollArea *scrolled(QWidget *content)
{
    auto *area = new QScrollArea(content->parentWidget());
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

} // namespace Ui
