#include "ui/principals/clouds.h"

#include "identity/cloud.h"
#include "services/services.h"

#include <QComboBox>
#include <QObject>

namespace Ui {

void addKnownClouds(QComboBox &box, const Services::Services &services)
{
    const QList<Identity::Cloud> clouds = Identity::Cloud::wellKnown();
    for (const Identity::Cloud &cloud : clouds)
        box.addItem(cloud.name, cloud.name);
    const auto principals = services.vault.list();
    if (!principals)
        return;
    for (const Identity::ServicePrincipal &principal : *principals) {
        const auto cloud = Identity::Cloud::load(principal.cloud);
        if (cloud && box.findData(principal.cloud) < 0)
            box.addItem(QObject::tr("%1 (%2)").arg(cloud->name, cloud->authorityHost.toString()),
                        principal.cloud);
    }
}

} // namespace Ui
