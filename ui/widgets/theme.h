#pragma once

#include "access/accessreport.h"

#include <QColor>
#include <QPalette>
#include <QString>

class QApplication;

namespace Ui {

/// Light, dark, or as the desktop asks for.
enum class ColorScheme { Light, Dark };

/// Fusion with a palette of ours, and a font size that suits a tool.
void applyTheme(QApplication &app, ColorScheme scheme);

bool isDark(const QPalette &palette);
/// Colours that keep their contrast on the palette's base, light or dark.
QColor observationColor(Access::Observation observation, const QPalette &palette);
/// Of the mark for what the roles predict other than what was observed.
QColor differenceColor(const QPalette &palette);
/// An environment's colour; production is the one that warns.
QColor environmentColor(const QString &environment, const QPalette &palette);
QColor dimmed(const QPalette &palette);

} // namespace Ui
