#include "ui/widgets/marks.h"

#include "ui/widgets/theme.h"

#include <QPainter>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Observation;
using State = Access::ContractResult::State;

namespace {

void drawQuestion(QPainter *painter, QPointF c, qreal r)
{
    QFont font = painter->font();
    font.setPixelSize(static_cast<int>(r * 3));
    font.setWeight(QFont::Bold);
    painter->setFont(font);
    painter->drawText(QRectF(c.x() - 2 * r, c.y() - 2 * r, 4 * r, 4 * r), Qt::AlignCenter, u"?"_s);
}

} // namespace

void drawMark(QPainter *painter, Observation observation, QPointF c, qreal r, const QColor &color)
{
    painter->setPen(
        QPen(color, std::max(1.6, r * 0.36), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    switch (observation) {
    case Observation::Allowed:
        painter->drawPolyline(QPolygonF{{c.x() - r, c.y() + 0.1 * r},
                                        {c.x() - 0.3 * r, c.y() + 0.8 * r},
                                        {c.x() + r, c.y() - 0.8 * r}});
        break;
    case Observation::Denied:
        painter->drawLine(c + QPointF(-0.8 * r, -0.8 * r), c + QPointF(0.8 * r, 0.8 * r));
        painter->drawLine(c + QPointF(-0.8 * r, 0.8 * r), c + QPointF(0.8 * r, -0.8 * r));
        break;
    case Observation::Undecided: drawQuestion(painter, c, r); break;
    case Observation::Running:
        painter->drawArc(QRectF(c.x() - r, c.y() - r, 2 * r, 2 * r), 60 * 16, 270 * 16);
        break;
    case Observation::NotAsked:
    case Observation::Skipped:
        painter->setBrush(color);
        painter->setPen(Qt::NoPen);
        painter->drawEllipse(c, r * 0.28, r * 0.28);
    }
}

void drawDifference(QPainter *painter, const QRectF &cell, const QPalette &palette)
{
    const qreal size = std::min(cell.width(), cell.height()) * 0.42;
    painter->setPen(Qt::NoPen);
    painter->setBrush(differenceColor(palette));
    painter->drawPolygon(QPolygonF{cell.topRight(), cell.topRight() - QPointF(size, 0),
                                   cell.topRight() + QPointF(0, size)});
}

void drawClause(QPainter *painter, State state, const QRectF &cell, const QPalette &palette)
{
    const Observation meaning = state == State::Kept     ? Observation::Allowed
                                : state == State::Broken ? Observation::Denied
                                                         : Observation::Undecided;
    const QColor color = observationColor(meaning, palette);
    const QPointF at = cell.bottomLeft() + QPointF(5.5, -5.5);
    painter->setPen(QPen(color, 1.4));
    painter->setBrush(state == State::Kept ? QBrush(color) : QBrush(Qt::NoBrush));
    if (state == State::Broken) {
        painter->drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3);
        painter->setPen(QPen(color, 2.2, Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(at + QPointF(0.5, -3.5), at + QPointF(0.5, 0));
        painter->drawPoint(at + QPointF(0.5, 2.6));
        return;
    }
    painter->drawEllipse(at, 2.2, 2.2);
}

} // namespace Ui
