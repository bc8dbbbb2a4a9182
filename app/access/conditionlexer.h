#pragma once

#include "core/result.h"

#include <QList>
#include <QString>

namespace Access {

/// One word of a condition.
struct ConditionToken {
    enum class Kind { OpenParenthesis, CloseParenthesis, OpenBrace, CloseBrace, Comma, Not, And, Or, Attribute, String, Word, End };
    Kind kind = Kind::End;
    QString text;           ///< an attribute's source, a string's content with its backslashes, a word as written
    QString name;           ///< an attribute's name, as between the brackets
    qsizetype position = 0; ///< of its first character, from 1
};

/// The words of a condition, the last one of kind End. Errors: InvalidInput with the position, for a character, a string or
/// an attribute that is none.
Core::Result<QList<ConditionToken>> tokensOf(const QString &condition);

} // namespace Access
