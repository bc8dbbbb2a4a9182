#pragma once

#include "identity/serviceprincipal.h"

#include <QUrl>
#include <QWidget>
#include <functional>
#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace Core {
struct Error;
}
namespace Services {
struct Services;
}

namespace Ui {

class ErrorPanel;

/// One blob: its properties, a preview of a small text or image, and its download. Nothing is read
/// but on demand.
class BlobPanel final : public QWidget
{
    Q_OBJECT
public:
    /// Which blob, and what is known of it.
    struct Blob
    {
        Identity::ServicePrincipal principal;
        QUrl account;
        QString container, name; ///< an empty name: none is chosen
        qint64 bytes = -1;       ///< negative where unknown
        QString properties;
    };
    static constexpr qint64 longestText = 64 * 1024;             ///< of a preview, in bytes
    static constexpr qint64 largestImage = 4 * 1024 * 1024;      ///< of a preview, in bytes
    static constexpr qint64 largestDownload = 256 * 1024 * 1024; ///< kept in memory meanwhile

    explicit BlobPanel(Services::Services &services, QWidget *parent = nullptr);
    ~BlobPanel() override;

    /// Stops what is under way for another blob.
    void setBlob(const Blob &blob);
    /// Shows what \a bytes are, the first of a blob.
    void showPreview(const QByteArray &bytes);

private:
    QWidget *makeBar();
    void preview();
    void askWhereTo();
    void download(const QString &path);
    void fetch(qint64 limit, const QString &words, std::function<void(const QByteArray &)> then);
    bool showImage(const QByteArray &bytes);
    void fail(const Core::Error &error);
    void setBusy(const QString &words);

    Services::Services &m_services;
    Blob m_blob;
    QLabel *m_properties;
    QLabel *m_status;
    QLabel *m_image;
    QPlainTextEdit *m_text;
    QPushButton *m_preview;
    QPushButton *m_download;
    QPushButton *m_cancel;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
