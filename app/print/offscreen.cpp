#include "print/offscreen.h"

#include <QGuiApplication>

namespace Print {

std::unique_ptr<QCoreApplication> offscreenApplication(int &argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QGuiApplication>(argc, argv);
}

} // namespace Print
