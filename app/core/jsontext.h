#pragma once

#include <QByteArray>

namespace Core {

/// JSON text as UTF-8 without a byte order mark, from UTF-8, UTF-16 or UTF-32 as a shell's redirection on Windows writes it;
/// without a mark too, where it begins with a brace or bracket. Bytes of another encoding come back as they are.
QByteArray jsonText(const QByteArray &bytes);

} // namespace Core
