#pragma once

class QComboBox;

namespace Services {
struct Services;
}

namespace Ui {

/// Fills \a box with the clouds that need not be looked for: the well-known ones and the files that
/// principals use already. An item's data is what ServicePrincipal::cloud keeps.
void addKnownClouds(QComboBox &box, const Services::Services &services);

} // namespace Ui
