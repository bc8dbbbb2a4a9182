#pragma once

#include "ui/storage/blob.h"

#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace Services {
struct Services;
}
namespace Ui {

class TransferRow;

/// What is on its way to or from the cloud, one row each, with its end or its error. Rows go on
/// when another blob, account or principal is chosen; closing the window cancels them.
class TransferList final : public QWidget
{
    Q_OBJECT
public:
    explicit TransferList(Services::Services &services, QWidget *parent = nullptr);

    void download(const Blob &blob, const QString &path);
    /// Where \a blob has an ETag it is replaced in that state, else there must be none.
    void upload(const Blob &blob, const QString &path, const QString &contentType);

signals:
    void uploaded(const Ui::Blob &blob);

private:
    static constexpr int keptEnds = 2; ///< rows of what has ended, beside the newest
    void add(TransferRow *row);
    void fit();
    bool eventFilter(QObject *watched, QEvent *event) override;

    Services::Services &m_services;
    QVBoxLayout *m_rows;
    QScrollArea *m_area;
};

} // namespace Ui
