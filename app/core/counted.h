#pragma once

#include <QString>

namespace Core {

/// \a count in words: "%1 day" for one, "%1 days" for any other. \a many as a language without a
/// plural of its own has it may be the same text.
inline QString counted(qint64 count, const QString &one, const QString &many)
{
    return (count == 1 ? one : many).arg(count);
}

} // namespace Core
