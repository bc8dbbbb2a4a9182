#pragma once

#include "access/accessreport.h"
#include "access/contract.h"

#include <QColor>
#include <QPointF>
#include <QRectF>

class QPainter;
class QPalette;

namespace Ui {

// Shapes, not letters of a font: they look the same everywhere, and each is told from the others
// without its colour.

/// The mark of an observation around \a centre; \a radius is half its size.
void drawMark(QPainter *painter, Access::Observation observation, QPointF centre, qreal radius,
              const QColor &color);

/// A filled corner at the top right of \a cell: the roles predict other than what was observed.
void drawDifference(QPainter *painter, const QRectF &cell, const QPalette &palette);

/// What a contract says of \a cell, at its lower left: a dot where it is kept, a ring where it is
/// open, a frame and a stroke where it is broken.
void drawClause(QPainter *painter, Access::ContractResult::State state, const QRectF &cell,
                const QPalette &palette);

} // namespace Ui
