#pragma once

#include <QByteArray>

namespace Core {

/// Claims the part file \a fd for the process that writes it, as long as that lives.
void claimPart(int fd);
/// Removes what writers of a file left in the open \a folder that were killed before they were
/// done: parts of ours whose names begin with \a prefix, that nobody claims any more, and that are
/// older than ten seconds.
void removeLeftParts(int folder, const QByteArray &prefix);

} // namespace Core
