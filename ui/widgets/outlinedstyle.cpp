#include "ui/widgets/outlinedstyle.h"

#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace Ui {

OutlinedStyle::OutlinedStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

void OutlinedStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                                  QPainter *painter, const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool focused =
        option->state.testFlag(State_HasFocus) && option->state.testFlag(State_KeyboardFocusChange);
    const bool field = element == PE_FrameLineEdit && !option->state.testFlag(State_HasFocus);
    const bool box = element == PE_IndicatorCheckBox && !focused;
    if (!isDark(option->palette) || (!field && !box))
        return;
    QColor color = option->palette.color(QPalette::WindowText);
    color.setAlpha(option->state.testFlag(State_Enabled) ? 130 : 60);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(color);
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
}

} // namespace Ui
