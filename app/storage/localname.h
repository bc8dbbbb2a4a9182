#pragma once

#include <QString>

namespace Storage {

/// The name under which the blob \a name is offered to be saved: its last part, without what a file
/// system takes for a path, a device or a stream, whichever system reads the folder later; at most
/// 200 bytes, its ending kept. "blob" where nothing is left. Never has a separator.
QString localFileName(const QString &name);

} // namespace Storage
