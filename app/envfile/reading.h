#pragma once

#include "core/secret.h"
#include "envfile/budget.h"

#include <QByteArray>
#include <QHash>
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
    QList<Remark> remarks;         ///< at most \c Budget::mostRemarks, and one that says there were more
    QString refusal; ///< why the consumer takes nothing from the file; empty: it reads it
    Budget budget;   ///< what is left for values
    /// The refusal is Rolescope's own: the text asks for more than the budget has.
    bool overBudget = false;

    /// An empty reading of \a text, with the budget that its size gives.
    static Reading of(QByteArrayView text) { return withBudget(text.size()); }
    static Reading withBudget(qsizetype inputBytes);

    /// The variable called \a name; null where there is none.
    const ReadVariable *find(QByteArrayView name) const;
    /// Sets \a name as a later assignment does, with a remark where there was one. Does nothing once
    /// the reading is over its budget, and refuses the text where this one would bring it there.
    void set(QByteArrayView name, QByteArrayView value, int line, bool certain = true);
    /// Refuses the text because \a name, at \a line (0: unknown), becomes larger than the budget.
    void refuseExpansion(QByteArrayView name, int line);
    /// Refuses the text because it would have to be searched again and again, as at \a line.
    void refuseWork(int line);
    void remark(int line, const QString &text);

private:
    void refuseOver(int line, const QString &what, const QString &next);
    qsizetype placeOf(const QByteArray &name) const;

    // Where each name stands in \c variables; brought up to date when it is asked.
    mutable QHash<QByteArray, qsizetype> m_places;
    mutable qsizetype m_placed = 0;
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
