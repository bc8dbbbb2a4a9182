#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace Identity {

/// Text as it comes out of a clipboard or a file, made plain: UTF-16 and UTF-8 marks removed, line ends as "\n", code fences and
/// az's WARNING lines left out.
struct PastedText {
    QString text;
    QStringList notes; ///< what was repaired, in words
};
PastedText plainText(QByteArrayView bytes);

} // namespace Identity
