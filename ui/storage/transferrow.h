#pragma once

#include "access/bloboperation.h"
#include "storage/transfer.h"

#include <QFrame>
#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;

namespace Ui {

class ElidedLabel;
class ErrorPanel;

/// One transfer: what it is, how far it is, Cancel; then how it ended, until it is closed.
class TransferRow final : public QFrame
{
    Q_OBJECT
public:
    struct Words
    {
        QString during, end, cancelled;
        QString cancelledLate; ///< once what changes data was sent
        std::optional<Access::BlobOperation>
            operation; ///< what it needs, to be named where it may not
    };
    /// Starts \a transfer.
    TransferRow(std::unique_ptr<Storage::Transfer> transfer, Words words, QWidget *parent);
    ~TransferRow() override;

    bool isOver() const { return !m_transfer; }

signals:
    void succeeded();
    void failed(const Core::Error &error);

private:
    void progress(qint64 done, qint64 total);
    void end(const QString &words);

    std::unique_ptr<Storage::Transfer> m_transfer;
    Words m_words;
    ElidedLabel *m_what;
    QProgressBar *m_bar;
    QLabel *m_amount;
    QPushButton *m_button; ///< Cancel, later Close
    ErrorPanel *m_error;
};

} // namespace Ui
