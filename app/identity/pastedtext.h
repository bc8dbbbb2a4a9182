#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <optional>
#include <utility>

namespace Identity {

/// Text as it comes out of a clipboard or a file, made plain: UTF-16 and UTF-8 marks removed, line ends as "\n", code fences and
/// az's WARNING lines left out.
struct PastedText {
    QString text;
    QStringList notes; ///< what was repaired, in words
};
PastedText plainText(QByteArrayView bytes);

/// The assignments in a text, whatever its dialect: NAME=value, export, set, setx, $env:NAME = '…', Environment=, quotes of all kinds,
/// comments. Names are upper case; a later one wins. \a repeated gets the names that stand more than once with different values.
QHash<QString, QString> assignments(const QString &text, QStringList *repeated = nullptr);

/// "Label: value" lines with the words that portals use, as {"tenant", "clientId", "secret", "name"}.
QHash<QString, QString> labelledValues(const QString &text);

} // namespace Identity
