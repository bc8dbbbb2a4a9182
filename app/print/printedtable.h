#pragma once

#include <QColor>
#include <QList>
#include <QString>
#include <QStringList>

class QTextCursor;

namespace Print {

/// One cell of a table on paper.
struct PrintedCell {
    QString text;
    QColor ink = Qt::black;
    bool bold = false;
};

/// Appends a table; its head is repeated on each page. \a widths: parts of 100, one for each column.
void appendTable(QTextCursor &cursor, const QStringList &head, const QList<QList<PrintedCell>> &rows, const QList<int> &widths);
void appendHeading(QTextCursor &cursor, const QString &text, int level);
/// \a text as it is; nothing in it is read as markup.
void appendText(QTextCursor &cursor, const QString &text, const QColor &ink = Qt::black);
void appendCode(QTextCursor &cursor, const QString &text);

} // namespace Print
