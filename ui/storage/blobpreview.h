#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace Ui {

/// The beginning of a blob as text, or a small image; hidden while there is nothing to show.
class BlobPreview final : public QWidget
{
    Q_OBJECT
public:
    static constexpr qint64 longestText = 64 * 1024;        ///< bytes
    static constexpr qint64 largestImage = 4 * 1024 * 1024; ///< bytes

    explicit BlobPreview(QWidget *parent = nullptr);

    /// How many bytes of a blob of that size (negative: unknown) have to be read.
    static qint64 wanted(qint64 blobBytes);
    /// Shows what \a bytes are, the first of a blob of \a blobBytes; what is to be said of it.
    QString showBytes(const QByteArray &bytes, qint64 blobBytes);
    void clear();

private:
    QString showImage(const QByteArray &bytes);

    QPlainTextEdit *m_text;
    QLabel *m_image;
};

} // namespace Ui
