#pragma once

#include "identity/serviceprincipal.h"
#include "storage/transfer.h"

#include <QString>
#include <QUrl>
#include <utility>

namespace Ui {

/// A blob as it was listed, and as whom it is asked for.
struct Blob
{
    Identity::ServicePrincipal principal;
    QUrl account;
    QString container, name;                       ///< an empty name: none is chosen
    qint64 bytes = -1;                             ///< negative where unknown
    QString etag;                                  ///< of what was listed; without quotes
    QList<std::pair<QString, QString>> properties; ///< label and value
};

/// How a transfer gets there.
Storage::BlobPlace placeOf(const Blob &blob);

} // namespace Ui
