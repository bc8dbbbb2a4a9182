#include "ui/widgets/isolationdelegate.h"

#include "ui/models/isolationmodel.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace Ui {

using Access::Isolation;
using Access::Observation;

namespace {

Observation meaningOf(Isolation::State state)
{
    return state == Isolation::State::Kept     ? Observation::Allowed
           : state == Isolation::State::Broken ? Observation::Denied
                                               : Observation::Undecided;
}

} // namespace

void IsolationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    const auto state = static_cast<Isolation::State>(index.data(IsolationModel::StateRole).toInt());
    const QColor color = observationColor(meaningOf(state), option.palette);
    QColor tint = color;
    tint.setAlpha(isDark(option.palette) ? 46 : 30);
    const QRectF cell = QRectF(option.rect).adjusted(3, 3, -3, -3);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(tint);
    painter->setPen(Qt::NoPen);
    if (index.data(IsolationModel::OwnRole).toBool())
        painter->setPen(QPen(color, 1, Qt::DashLine));
    if (option.state & QStyle::State_Selected)
        painter->setPen(QPen(option.palette.color(QPalette::Link), 2));
    painter->drawRoundedRect(cell, 4, 4);
    painter->setPen(color);
    painter->setFont(option.font);
    const QString text = option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle,
                                                       static_cast<int>(cell.width()) - 8);
    painter->drawText(cell, Qt::AlignCenter, text);
    painter->restore();
}

QSize IsolationDelegate::sizeHint(const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    return {option.fontMetrics.horizontalAdvance(index.data().toString()) + 28,
            option.fontMetrics.height() + 14};
}

} // namespace Ui
