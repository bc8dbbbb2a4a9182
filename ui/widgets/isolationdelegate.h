#pragma once

#include <QStyledItemDelegate>

namespace Ui {

/// A pair of the isolation proof: tinted by its state, framed where it is the principal's own
/// account.
class IsolationDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace Ui
