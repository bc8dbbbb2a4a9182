#pragma once

#include <QCoreApplication>
#include <memory>

namespace Print {

/// An application that can lay out pages, without a display: what pdf() needs in a program without windows.
std::unique_ptr<QCoreApplication> offscreenApplication(int &argc, char **argv);

} // namespace Print
