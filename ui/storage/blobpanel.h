#pragma once

#include "ui/storage/blob.h"

#include <QWidget>
#include <functional>
#include <memory>

class QLabel;
class QPushButton;

namespace Core {
struct Error;
}
namespace Services {
struct Services;
}

namespace Ui {

class BlobDetails;
class BlobPreview;
class ErrorPanel;

/// One blob: its properties, a preview of a small text or image, and what can be done with it.
/// Nothing is read but on demand.
class BlobPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit BlobPanel(Services::Services &services, QWidget *parent = nullptr);
    ~BlobPanel() override;

    /// Stops what is being read of another blob.
    void setBlob(const Blob &blob);
    /// Shows what \a bytes are, the first of a blob.
    void showPreview(const QByteArray &bytes);

signals:
    /// It shall be saved to \a path.
    void downloadChosen(const Ui::Blob &blob, const QString &path);
    void deleted(const Ui::Blob &blob);

private:
    QWidget *makeBar();
    void preview();
    void showDetails(bool wanted);
    void askWhereTo();
    void askToDelete();
    void fail(const Core::Error &error);
    void setBusy(const QString &words);

    Services::Services &m_services;
    Blob m_blob;
    QLabel *m_properties;
    QLabel *m_status;
    BlobPreview *m_preview;
    BlobDetails *m_details;
    QPushButton *m_more;
    QPushButton *m_read;
    QPushButton *m_cancel;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
