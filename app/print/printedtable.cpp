#include "print/printedtable.h"

#include "report/wording.h"

#include <QTextCursor>
#include <QTextTable>

namespace Print {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal bodySize = 8;
constexpr qreal tableSize = 7;
// Qt's layout looks each cell up among all of its table's: one of 13,000 rows takes a minute, in parts 15 s.
constexpr qsizetype mostRows = 50;

QTextCharFormat letters(qreal size, const QColor &ink = Qt::black, bool bold = false)
{
    QTextCharFormat format;
    format.setFontPointSize(size);
    format.setForeground(ink);
    format.setFontWeight(bold ? QFont::DemiBold : QFont::Normal);
    return format;
}

void fill(QTextTable *table, int row, int column, const PrintedCell &cell)
{
    // Line feeds in a server's name would make paragraphs of it.
    const QString text = Report::visible(cell.text, u"\n").replace(u'\n', QChar::LineSeparator);
    table->cellAt(row, column).firstCursorPosition().insertText(text, letters(tableSize, cell.ink, cell.bold));
}

QTextTableFormat tableFormat(bool hasHead, const QList<int> &widths)
{
    QTextTableFormat format;
    format.setBorder(0.5);
    format.setBorderBrush(QColor(0xaa, 0xaa, 0xaa));
    format.setBorderCollapse(true);
    format.setCellPadding(2);
    format.setHeaderRowCount(hasHead ? 1 : 0);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    QList<QTextLength> lengths;
    for (const int width : widths)
        lengths.append(QTextLength(QTextLength::PercentageLength, width));
    format.setColumnWidthConstraints(lengths);
    return format;
}

void appendPart(QTextCursor &cursor, const QStringList &head, const QList<QList<PrintedCell>> &rows, int columns, const QTextTableFormat &format)
{
    const int first = head.isEmpty() ? 0 : 1;
    if (rows.isEmpty() && head.isEmpty())
        return;
    QTextTable *table = cursor.insertTable(static_cast<int>(rows.size()) + first, columns, format);
    for (int column = 0; column < head.size(); ++column) {
        QTextTableCellFormat ground;
        ground.setBackground(QColor(0xee, 0xee, 0xee));
        table->cellAt(0, column).setFormat(ground);
        fill(table, 0, column, {head[column], Qt::black, true});
    }
    for (int row = 0; row < rows.size(); ++row) {
        for (int column = 0; column < std::min<int>(columns, static_cast<int>(rows[row].size())); ++column)
            fill(table, row + first, column, rows[row][column]);
    }
    cursor.movePosition(QTextCursor::End);
}

// The paragraph that stands between two tables, as low as can be.
void closeUp(QTextCursor &cursor)
{
    QTextBlockFormat block;
    block.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(block);
    cursor.setBlockCharFormat(letters(1));
}

} // namespace

void appendTable(QTextCursor &cursor, const QStringList &head, const QList<QList<PrintedCell>> &rows, const QList<int> &widths)
{
    const QTextTableFormat format = tableFormat(!head.isEmpty(), widths);
    for (qsizetype from = 0; from == 0 || from < rows.size(); from += mostRows) {
        if (from > 0)
            closeUp(cursor);
        appendPart(cursor, head, rows.mid(from, mostRows), static_cast<int>(widths.size()), format);
    }
}

void appendHeading(QTextCursor &cursor, const QString &text, int level)
{
    QTextBlockFormat block;
    block.setTopMargin(level == 1 ? 0 : 10);
    block.setBottomMargin(4);
    cursor.insertBlock(block, letters(bodySize));
    cursor.insertText(Report::visible(text), letters(level == 1 ? 14 : 11, Qt::black, true));
}

void appendText(QTextCursor &cursor, const QString &text, const QColor &ink)
{
    QTextBlockFormat block;
    block.setBottomMargin(2);
    cursor.insertBlock(block, letters(bodySize));
    cursor.insertText(Report::visible(text), letters(bodySize, ink));
}

void appendCode(QTextCursor &cursor, const QString &text)
{
    QTextBlockFormat block;
    block.setLeftMargin(12);
    block.setBottomMargin(3);
    QTextCharFormat format = letters(tableSize);
    format.setFontFamilies({u"DejaVu Sans Mono"_s, u"monospace"_s});
    cursor.insertBlock(block, format);
    cursor.insertText(Report::visible(text), format);
}

} // namespace Print
