#pragma once

#include <QTableView>

namespace Ui {

class AccessMatrixModel;

/// The access matrix: marks with shape and colour, columns under the heads Account, Container and
/// Blob. Enter or a click opens a cell.
class MatrixView final : public QTableView
{
    Q_OBJECT
public:
    explicit MatrixView(QWidget *parent = nullptr);
    void setMatrix(AccessMatrixModel *model);

signals:
    void opened(const QModelIndex &index);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();
};

} // namespace Ui
