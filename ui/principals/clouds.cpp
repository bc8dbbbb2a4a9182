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

QString foreignCloudNote(const QString &cloud)
{
    const auto loaded = Identity::Cloud::load(cloud);
    if (!loaded)
        return QObject::tr("The cloud file %1 cannot be used: %2").arg(cloud, loaded.error().message);
    if (loaded->isWellKnown())
        return {};
    return QObject::tr("The cloud “%1” of the file %2 is used; sign-ins go to %3")
        .arg(loaded->name, loaded->file, loaded->authorityHost.toString());
}

} // namespace Ui
