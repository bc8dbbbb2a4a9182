#pragma once

#include "ui/storage/blob.h"

#include <QDialog>
#include <memory>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Core {
struct Error;
}
namespace Services {
struct Services;
}

namespace Ui {

class ErrorPanel;

/// Asks before a file goes to the cloud: names account, container and blob, looks whether it is
/// there already, and replaces one only when its name was typed.
class UploadDialog final : public QDialog
{
    Q_OBJECT
public:
    /// \a target: the container, and the beginning of the blob's name, to which the file's is
    /// added.
    UploadDialog(Services::Services &services, Blob target, const QString &path, QWidget *parent);
    ~UploadDialog() override;

signals:
    /// \a target with the name and, where a blob is to be replaced, the ETag that was seen.
    void confirmed(const Ui::Blob &target, const QString &path, const QString &contentType);

private:
    void renamed();
    void look();
    void found(const QString &etag, const QString &what);
    void confirm();
    void fail(const Core::Error &error);
    void setBusy(bool busy);

    Services::Services &m_services;
    Blob m_target;
    QString m_path;
    QLineEdit *m_name;
    QLineEdit *m_type;
    QLabel *m_there;
    QLineEdit *m_typed;
    QLabel *m_status;
    QPushButton *m_upload;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
