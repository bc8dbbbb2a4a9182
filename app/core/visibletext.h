#pragma once

#include <QString>

namespace Core {

/// \a text with every character that cannot be seen, or that steers a terminal or the reading direction, written out as
/// `\u{202e}`: control characters, format characters (bidi marks, zero width, tags), line and paragraph separators, lone
/// surrogates and noncharacters. The characters in \a kept stay. The result holds nothing that XML 1.0 forbids.
QString visibleText(const QString &text, QStringView kept = {});

/// The same for what is read as one line: such characters become a blank, and runs of blanks become one.
QString oneLine(const QString &text);

} // namespace Core
