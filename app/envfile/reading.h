#pragma once

#include "core/secret.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace EnvFile {

/// One variable as a consumer ends up with it.
struct ReadVariable
{
    QByteArray name;
    Core::Secret value;
    bool certain = true; ///< false: the value depends on other variables or on a command that the
                         ///< consumer would run

    bool operator==(const ReadVariable &) const = default;
};

/// One thing that the consumer does with the text which its writer will not have meant.
struct Remark
{
    int line = 0; ///< from 1; 0: the whole file
    QString text; ///< a sentence without any value

    bool operator==(const Remark &) const = default;
};

/// What a consumer makes of a file.
struct Reading
{
    QList<ReadVariable> variables; ///< in the order of their first appearance
    QList<Remark> remarks;
    QString refusal; ///< why the consumer takes nothing from the file; empty: it reads it

    /// The variable called \a name; null where there is none.
    const ReadVariable *find(QByteArrayView name) const;
    /// Sets \a name as a later assignment does, with a remark where there was one.
    void set(QByteArrayView name, QByteArrayView value, int line, bool certain = true);
    void remark(int line, const QString &text) { remarks.append({line, text}); }
};

/// What a consumer would read from \a text. It never fails: a refusal is part of the answer.
using Reader = Reading (*)(QByteArrayView text);

/// Whether the consumer behind \a reader sees exactly \a name with \a value in \a text.
bool readsBack(Reader reader, QByteArrayView text, QByteArrayView name, QByteArrayView value);

/// The line number, from 1, of the byte at \a offset.
int lineAt(QByteArrayView text, qsizetype offset);

/// Whether \a text begins with UTF-8's byte order mark.
bool startsWithMark(QByteArrayView text);

} // namespace EnvFile
