#pragma once

class QAbstractItemModel;
class QTableView;
class QString;
class QWidget;

namespace Ui {

/// A table of rows to read and choose from, called \a name for screen readers: long texts elide in
/// the middle.
QTableView *plainTable(QAbstractItemModel *model, const QString &name, QWidget *parent);

} // namespace Ui
