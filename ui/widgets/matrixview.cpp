#include "ui/widgets/matrixview.h"

#include "ui/models/accessmatrixmodel.h"
#include "ui/widgets/marks.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Observation;

namespace {

QString groupOf(const QAbstractItemModel *model, int column)
{
    return model->headerData(column, Qt::Horizontal, AccessMatrixModel::GroupRole).toString();
}

bool beginsGroup(const QAbstractItemModel *model, int column)
{
    return column == 0 || groupOf(model, column) != groupOf(model, column - 1);
}

// Titles below the name of the group they belong to.
class GroupedHeader final : public QHeaderView
{
public:
    explicit GroupedHeader(QWidget *parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
        setSectionsClickable(false);
        setSectionResizeMode(QHeaderView::Fixed);
    }
    QSize sizeHint() const override
    {
        return {QHeaderView::sizeHint().width(), fontMetrics().height() * 2 + 20};
    }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int column) const override
    {
        painter->save();
        painter->fillRect(rect, palette().color(QPalette::Window));
        const int half = rect.height() / 2;
        const QRect title(rect.left(), rect.top() + half, rect.width(), half);
        painter->setPen(palette().color(QPalette::Text));
        painter->drawText(title, Qt::AlignCenter,
                          model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        // Each section draws its part of the group's name, which is centred over all of them.
        int first = column;
        while (!beginsGroup(model(), first))
            --first;
        int width = 0;
        for (int c = first;
             c < model()->columnCount() && groupOf(model(), c) == groupOf(model(), column); ++c)
            width += sectionSize(c);
        const int left =
            sectionViewportPosition(first) + rect.left() - sectionViewportPosition(column);
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter->setFont(bold);
        painter->setClipRect(rect);
        painter->drawText(QRect(left, rect.top() + 2, width, half), Qt::AlignCenter,
                          groupOf(model(), column));
        painter->setPen(palette().color(QPalette::Mid));
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
        if (beginsGroup(model(), column))
            painter->drawLine(rect.topLeft(), rect.bottomLeft());
        painter->restore();
    }
};

class MarkDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool applies = index.data(AccessMatrixModel::AppliesRole).toBool();
        const auto observation =
            static_cast<Observation>(index.data(AccessMatrixModel::ObservationRole).toInt());
        if (applies) {
            const bool selected = option.state & QStyle::State_Selected;
            const QColor color = observationColor(observation, option.palette);
            QColor tint = color;
            const bool decided = observation == Observation::Allowed ||
                                 observation == Observation::Denied ||
                                 observation == Observation::Undecided;
            tint.setAlpha(decided ? (isDark(option.palette) ? 46 : 30) : 0);
            const QRectF cell = QRectF(option.rect).adjusted(3, 3, -3, -3);
            painter->setPen(selected ? QPen(option.palette.color(QPalette::Link), 2)
                                     : QPen(Qt::NoPen));
            painter->setBrush(tint);
            painter->drawRoundedRect(cell, 4, 4);
            if (index.data(AccessMatrixModel::DiffersRole).toBool())
                drawDifference(painter, cell, option.palette);
            if (const QVariant clause = index.data(AccessMatrixModel::ClauseRole); clause.isValid())
                drawClause(painter, static_cast<Access::ContractResult::State>(clause.toInt()),
                           cell, option.palette);
            drawMark(painter, observation, QPointF(cell.center()),
                     std::min(cell.width(), cell.height()) * 0.26, color);
        }
        if (beginsGroup(index.model(), index.column())) {
            painter->setPen(option.palette.color(QPalette::Midlight));
            painter->drawLine(option.rect.topLeft(), option.rect.bottomLeft());
        }
        painter->restore();
    }
};

// Container names, elided in the middle.
class NameHeader final : public QHeaderView
{
public:
    explicit NameHeader(QWidget *parent)
        : QHeaderView(Qt::Vertical, parent)
    {
        setSectionResizeMode(QHeaderView::Fixed);
        setTextElideMode(Qt::ElideMiddle);
        setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        setSectionsClickable(false);
    }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int row) const override
    {
        painter->save();
        painter->fillRect(rect, palette().color(QPalette::Window));
        QFont name = font();
        name.setItalic(row == 0);
        painter->setFont(name);
        painter->setPen(palette().color(QPalette::Text));
        const QRect inner = rect.adjusted(10, 0, -8, 0);
        const QString text = model()->headerData(row, Qt::Vertical, Qt::DisplayRole).toString();
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideMiddle, inner.width()));
        painter->restore();
    }
};

} // namespace

MatrixView::MatrixView(QWidget *parent)
    : QTableView(parent)
{
    setObjectName(u"accessMatrix"_s);
    setAccessibleName(tr("Access matrix"));
    setHorizontalHeader(new GroupedHeader(this));
    setVerticalHeader(new NameHeader(this));
    setItemDelegate(new MarkDelegate(this));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setCornerButtonEnabled(false);
    setStyleSheet(u"QTableCornerButton::section { background: palette(window); border: none; }"_s);
    // The chosen cell is framed; a filled one would drown the mark.
    QPalette colors = palette();
    QColor chosen = colors.color(QPalette::Highlight);
    chosen.setAlpha(60);
    colors.setColor(QPalette::Highlight, chosen);
    setPalette(colors);
    connect(this, &QTableView::clicked, this, &MatrixView::opened);
}

void MatrixView::setMatrix(AccessMatrixModel *matrix)
{
    setModel(matrix);
    connect(matrix, &QAbstractItemModel::modelReset, this, &MatrixView::layOut);
    layOut();
}

void MatrixView::layOut()
{
    const QFontMetrics metrics = fontMetrics();
    for (int column = 0; column < model()->columnCount(); ++column) {
        const QString title =
            model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        horizontalHeader()->resizeSection(
            column, std::max(metrics.horizontalAdvance(title) + 10, metrics.height() * 2));
    }
    int width = metrics.horizontalAdvance(u"(account)"_s);
    for (int row = 0; row < std::min(model()->rowCount(), 2000); ++row)
        width = std::max(width,
                         metrics.horizontalAdvance(
                             model()->headerData(row, Qt::Vertical, Qt::DisplayRole).toString()));
    verticalHeader()->setFixedWidth(std::min(width, metrics.averageCharWidth() * 34) + 26);
    verticalHeader()->setDefaultSectionSize(metrics.height() + 14);
    setMinimumHeight(horizontalHeader()->sizeHint().height() + 3 * (metrics.height() + 14) + 24);
}

void MatrixView::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
         event->key() == Qt::Key_Space) &&
        currentIndex().isValid()) {
        emit opened(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void MatrixView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange && model())
        layOut();
}

} // namespace Ui
