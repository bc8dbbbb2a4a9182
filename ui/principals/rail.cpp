#include "ui/principals/rail.h"

#include "ui/models/principalmodel.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

namespace {

// An environment's word in its colour; a principal with the environment's square before and the expiry badge behind its name.
class RailDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool top = !index.parent().isValid();
        return {80, option.fontMetrics.height() + (top ? 16 : 12)};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QColor color = environmentColor(index.data(PrincipalModel::EnvironmentRole).toString(), option.palette);
        if (index.parent().isValid())
            paintPrincipal(painter, option, index, color);
        else
            paintEnvironment(painter, option, index, color);
        painter->restore();
    }

private:
    // Framed while it ends soon, filled once it has ended: the colour does not say it alone.
    static void paintBadge(QPainter *painter, const QRect &rect, const QString &badge, int trouble, const QColor &onSelection,
                           const QPalette &palette)
    {
        const bool ended = trouble == PrincipalModel::Ended;
        const QColor mark = observationColor(ended ? Access::Observation::Denied : Access::Observation::Undecided, palette);
        const QColor color = onSelection.isValid() ? onSelection : mark;
        if (trouble != PrincipalModel::NoTrouble) {
            painter->setPen(QPen(color, 1));
            painter->setBrush(ended && !onSelection.isValid() ? QBrush(mark) : Qt::NoBrush);
            painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        const QColor plain = onSelection.isValid() ? onSelection : palette.color(QPalette::Text);
        painter->setPen(ended && !onSelection.isValid() ? palette.color(QPalette::Base) : plain);
        painter->drawText(rect, Qt::AlignCenter, badge);
    }
    static void paintEnvironment(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const QColor &color)
    {
        QFont font = option.font;
        font.setPointSizeF(font.pointSizeF() * 0.82);
        font.setWeight(QFont::Bold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
        painter->setFont(font);
        painter->setPen(color);
        painter->drawText(option.rect.adjusted(10, 6, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, index.data(Qt::DisplayRole).toString());
    }
    static void paintPrincipal(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const QColor &color)
    {
        const bool selected = option.state & QStyle::State_Selected;
        const QRect row = option.rect.adjusted(4, 1, -4, -1);
        if (selected || (option.state & QStyle::State_MouseOver)) {
            QColor back = option.palette.color(QPalette::Highlight);
            back.setAlpha(selected ? 255 : 40);
            painter->setPen(Qt::NoPen);
            painter->setBrush(back);
            painter->drawRoundedRect(row, 5, 5);
        }
        const int middle = row.center().y();
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(QRectF(row.left() + 8, middle - 4, 9, 9), 2, 2);
        const QString badge = index.data(PrincipalModel::BadgeRole).toString();
        int right = row.right() - 8;
        const QColor text = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        if (!badge.isEmpty()) {
            const QRect pill(right - option.fontMetrics.horizontalAdvance(badge) - 8, row.top() + 3, option.fontMetrics.horizontalAdvance(badge) + 10,
                             row.height() - 6);
            paintBadge(painter, pill, badge, index.data(PrincipalModel::TroubleRole).toInt(), selected ? text : QColor(), option.palette);
            right = pill.left() - 6;
        }
        painter->setPen(text);
        const QRect name(row.left() + 26, row.top(), right - row.left() - 26, row.height());
        painter->drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, name.width()));
    }
};

} // namespace

Rail::Rail(PrincipalModel &model, QWidget *parent) : QWidget(parent), m_model(model)
{
    // Two buttons: a screen reader offers only the menu of one that has both.
    auto *add = new QPushButton(tr("+ Add"), this);
    add->setObjectName(u"addButton"_s);
    add->setAccessibleName(tr("Add a service principal"));
    auto *more = new QToolButton(this);
    more->setObjectName(u"addMenuButton"_s);
    more->setArrowType(Qt::DownArrow);
    more->setAccessibleName(tr("More ways to add"));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setStyleSheet(u"QToolButton::menu-indicator { image: none; }"_s);
    auto *menu = new QMenu(more);
    menu->addAction(tr("Paste or type a credential …"), this, &Rail::addRequested);
    menu->addAction(tr("Register a new application …"), this, &Rail::registerRequested);
    menu->addAction(tr("Restore a retired principal …"), this, &Rail::restoreRequested);
    menu->addAction(tr("Practise in the sandbox"), this, &Rail::sandboxRequested);
    more->setMenu(menu);
    auto *search = new QLineEdit(this);
    search->setObjectName(u"principalSearch"_s);
    search->setAccessibleName(tr("Search principals"));
    search->setPlaceholderText(tr("Search"));
    search->setClearButtonEnabled(true);

    m_filtered = new QSortFilterProxyModel(this);
    m_filtered->setSourceModel(&m_model);
    m_filtered->setRecursiveFilteringEnabled(true);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_tree = new QTreeView(this);
    m_tree->setObjectName(u"principalTree"_s);
    m_tree->setAccessibleName(tr("Service principals"));
    m_tree->setModel(m_filtered);
    m_tree->setItemDelegate(new RailDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(0);
    m_tree->setItemsExpandable(false);
    m_tree->setMouseTracking(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->expandAll();

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 8, 8, 4);
    bar->addWidget(add);
    bar->addWidget(more);
    bar->addWidget(search, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(m_tree, 1);
    auto *isolation = new QPushButton(tr("&Isolation …"), this);
    isolation->setObjectName(u"isolationButton"_s);
    isolation->setToolTip(tr("Prove that the environments are kept apart"));
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(8, 4, 8, 8);
    bottom->addWidget(isolation);
    auto *expiry = new QPushButton(tr("E&xpiry …"), this);
    expiry->setObjectName(u"expiryButton"_s);
    expiry->setToolTip(tr("When credentials end: a calendar, and a file for yours"));
    bottom->addWidget(expiry);
    connect(expiry, &QPushButton::clicked, this, &Rail::expiryRequested);
    layout->addLayout(bottom);

    connect(add, &QPushButton::clicked, this, &Rail::addRequested);
    connect(search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered->setFilterFixedString(text);
        m_tree->expandAll();
    });
    connect(isolation, &QPushButton::clicked, this, &Rail::isolationRequested);
    connect(m_tree, &QTreeView::clicked, this, &Rail::opened);
    connect(m_tree, &QTreeView::activated, this, &Rail::opened);
    connect(m_filtered, &QAbstractItemModel::modelReset, m_tree, &QTreeView::expandAll);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { emit selected(current.data(PrincipalModel::IdRole).toString()); });
}

void Rail::select(const QString &id)
{
    const QModelIndex index = m_filtered->mapFromSource(m_model.indexOf(id));
    if (index.isValid())
        m_tree->setCurrentIndex(index);
}

} // namespace Ui
