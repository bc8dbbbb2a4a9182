#include "ui/storage/blob.h"

#include "identity/cloud.h"

namespace Ui {

Storage::BlobPlace placeOf(const Blob &blob)
{
    // Where the cloud cannot be read, no token is to be had either.
    const auto cloud = Identity::Cloud::load(blob.principal.cloud);
    return {{blob.account, cloud ? cloud->trust : Http::Trust()}, blob.container, blob.name};
}

} // namespace Ui
