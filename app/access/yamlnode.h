#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace Access {

/// One node of a YAML text, with its place in it. Scalars are text as written, so that a container called 2024 stays one.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };
    Kind kind = Kind::Null;
    QString text;          ///< of a scalar
    QList<YamlNode> keys;  ///< of a map: scalars, each once
    QList<YamlNode> items; ///< of a sequence; of a map the values, in the order of the keys
    int line = 0;          ///< from 1
    int column = 0;        ///< from 1, in characters
};

/// The one document of \a text, a part of YAML without anchors, aliases and tags: what a text means can be read off it, and a small
/// text cannot become a large tree. Takes UTF-8 of at most 1 MiB, nested at most 16 deep.
/// Errors: InvalidInput with line and column.
Core::Result<YamlNode> readYaml(const QByteArray &text);

/// "Line 3, column 5: message", of kind InvalidInput.
Core::Error yamlError(int line, int column, const QString &message, const QString &nextStep);

/// \a text as a YAML scalar: plain where no reader can take it for something else, otherwise in double quotes.
QString yamlScalar(const QString &text);

} // namespace Access
