#include "ui/widgets/theme.h"

#include "ui/widgets/outlinedstyle.h"

#include <QApplication>
#include <QFont>
#include <QStyle>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Observation;

namespace {

QPalette lightPalette()
{
    QPalette palette(QColor(0xf4f5f7));
    palette.setColor(QPalette::Window, QColor(0xf4f5f7));
    palette.setColor(QPalette::WindowText, QColor(0x1c2026));
    palette.setColor(QPalette::Base, QColor(0xffffff));
    palette.setColor(QPalette::AlternateBase, QColor(0xf7f8fa));
    palette.setColor(QPalette::Text, QColor(0x1c2026));
    palette.setColor(QPalette::Button, QColor(0xfcfcfd));
    palette.setColor(QPalette::ButtonText, QColor(0x1c2026));
    palette.setColor(QPalette::PlaceholderText, QColor(0x7b8494));
    palette.setColor(QPalette::Highlight, QColor(0x2563c9));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x1d56b5));
    palette.setColor(QPalette::ToolTipBase, QColor(0xffffff));
    palette.setColor(QPalette::ToolTipText, QColor(0x1c2026));
    return palette;
}

QPalette darkPalette()
{
    QPalette palette(QColor(0x25282e));
    palette.setColor(QPalette::Window, QColor(0x1f2227));
    palette.setColor(QPalette::WindowText, QColor(0xe6e8ec));
    palette.setColor(QPalette::Base, QColor(0x17191d));
    palette.setColor(QPalette::AlternateBase, QColor(0x1c1f24));
    palette.setColor(QPalette::Text, QColor(0xe6e8ec));
    palette.setColor(QPalette::Button, QColor(0x2c3037));
    palette.setColor(QPalette::ButtonText, QColor(0xe6e8ec));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(0x8b93a1));
    palette.setColor(QPalette::Highlight, QColor(0x3b74d4));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x82aaf5));
    palette.setColor(QPalette::ToolTipBase, QColor(0x2c3037));
    palette.setColor(QPalette::ToolTipText, QColor(0xe6e8ec));
    return palette;
}

void dimDisabled(QPalette &palette)
{
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor color = palette.color(QPalette::Active, role);
        color.setAlpha(110);
        palette.setColor(QPalette::Disabled, role, color);
    }
}

} // namespace

void applyTheme(QApplication &app, ColorScheme scheme)
{
    app.setStyle(new OutlinedStyle);
    QPalette palette = scheme == ColorScheme::Dark ? darkPalette() : lightPalette();
    dimDisabled(palette);
    app.setPalette(palette);
    QFont font = app.font();
    font.setPointSizeF(std::max(font.pointSizeF(), 10.0));
    app.setFont(font);
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

QColor observationColor(Observation observation, const QPalette &palette)
{
    const bool dark = isDark(palette);
    switch (observation) {
    case Observation::Allowed: return dark ? QColor(0x57c98a) : QColor(0x16794a);
    case Observation::Denied: return dark ? QColor(0xf2837b) : QColor(0xc02f26);
    case Observation::Undecided: return dark ? QColor(0xe5b95c) : QColor(0x94650a);
    case Observation::Running: return palette.color(QPalette::Link);
    default: return dimmed(palette);
    }
}

QColor differenceColor(const QPalette &palette)
{
    return isDark(palette) ? QColor(0xb79bff) : QColor(0x6a3fd0);
}

QColor environmentColor(const QString &environment, const QPalette &palette)
{
    const bool dark = isDark(palette);
    if (environment.compare(u"production", Qt::CaseInsensitive) == 0)
        return dark ? QColor(0xe0655c) : QColor(0xb9302a);
    if (environment.compare(u"test", Qt::CaseInsensitive) == 0)
        return dark ? QColor(0xd9a441) : QColor(0x9a6a0c);
    if (environment.compare(u"development", Qt::CaseInsensitive) == 0)
        return dark ? QColor(0x5fae7c) : QColor(0x2a7a4c);
    return dark ? QColor(0x8796b5) : QColor(0x566482);
}

QColor dimmed(const QPalette &palette)
{
    QColor color = palette.color(QPalette::Text);
    color.setAlpha(150);
    return color;
}

} // namespace Ui
