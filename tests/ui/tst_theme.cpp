#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QImage>
#include <QLineEdit>
#include <QTest>
#include <cmath>

using Ui::ColorScheme;

/// What is to be ticked or filled in can be seen.
class ThemeTest : public QObject
{
    Q_OBJECT
private slots:
    void showsInTheDarkWhereToTickAndType();
};

namespace {

// WCAG 2.1, relative luminance and contrast.
double luminance(const QColor &color)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) +
           0.0722 * part(color.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

void ThemeTest::showsInTheDarkWhereToTickAndType()
{
    Ui::applyTheme(*qApp, ColorScheme::Dark);
    QWidget window;
    window.resize(300, 100);
    auto *box = new QCheckBox(&window);
    box->move(10, 10);
    auto *field = new QLineEdit(&window);
    field->setGeometry(10, 50, 200, 30);
    window.show();
    box->clearFocus();
    field->clearFocus();
    const QImage image = window.grab().toImage();
    const int scale = qRound(image.devicePixelRatio());
    const QColor around = window.palette().color(QPalette::Window);
    for (const QWidget *one : {static_cast<QWidget *>(box), static_cast<QWidget *>(field)}) {
        double best = 1;
        const int middle = one->geometry().center().y() * scale;
        for (int x = one->x() * scale; x < (one->x() + 20) * scale; ++x)
            best = std::max(best, contrast(image.pixelColor(x, middle), around));
        QVERIFY2(best >= 3, qPrintable(QString::number(best)));
    }
}

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
