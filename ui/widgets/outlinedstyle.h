#pragma once

#include <QProxyStyle>

namespace Ui {

/// Fusion, which draws the frames of boxes to tick and of fields darker than the window: on a dark
/// one they cannot be seen. There they are drawn once more, lighter.
class OutlinedStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    OutlinedStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace Ui
