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

/// Deletes one blob, in the state in which it was listed, once its name was typed.
class DeleteDialog final : public QDialog
{
    Q_OBJECT
public:
    DeleteDialog(Services::Services &services, Blob blob, QWidget *parent);
    ~DeleteDialog() override;

signals:
    void deleted(const Ui::Blob &blob);

private:
    void start();
    void fail(const Core::Error &error);
    void update();

    Services::Services &m_services;
    Blob m_blob;
    QLineEdit *m_typed;
    QLabel *m_status;
    QPushButton *m_delete;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
