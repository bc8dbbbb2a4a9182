#pragma once

#include "cli/command.h"
#include "storage/listrun.h"

#include <QUrl>
#include <string>

namespace Cli {

struct ListingOptions {
    std::string principal, account, container, prefix, delimiter;
    qint64 limit = -1;
};

/// Signs in and lists containers, or blobs where a container is named, row by row as they come: a listing of any length takes no
/// more memory than a page.
void runListing(const ListingOptions &options, Context &context);

} // namespace Cli
