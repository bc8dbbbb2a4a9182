#pragma once

#include <QString>

class QComboBox;

namespace Services {
struct Services;
}

namespace Ui {

/// Fills \a box with the clouds that need not be looked for: the well-known ones and the files that
/// principals use already. An item's data is what ServicePrincipal::cloud keeps.
void addKnownClouds(QComboBox &box, const Services::Services &services);

/// Where sign-ins go with a cloud file, in a sentence; empty for the three well-known clouds. \a cloud as ServicePrincipal::cloud.
QString foreignCloudNote(const QString &cloud);

} // namespace Ui
