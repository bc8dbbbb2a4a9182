#pragma once

#include "identity/serviceprincipal.h"
#include "services/signin.h"
#include "storage/bloblisting.h"

#include <QWidget>
#include <functional>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStringListModel;

namespace Services {
struct Services;
}
namespace Storage {
class ListRun;
}

namespace Ui {

class BlobPanel;
struct Blob;
class ErrorPanel;
class FolderView;
class TransferList;

/// Browse an account: containers at the left, a container's folders and blobs at the right, page by page as they come.
class StoragePage final : public QWidget
{
    Q_OBJECT
public:
    explicit StoragePage(Services::Services &services, QWidget *parent = nullptr);
    ~StoragePage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    void accountUsed(const QUrl &account);

private:
    QWidget *makeBar();
    QWidget *makeContainers();
    QWidget *makeBlobs();
    void browse();
    void openContainer(const QString &name);
    void openFolder(const QString &prefix);
    void askWhatToUpload();
    /// Lists the folder again where \a blob is in it.
    void changed(const Blob &blob);
    void run(const QString &container, const QString &prefix, std::function<void(std::shared_ptr<const Storage::BlobListing>)> batch);
    void cancel();
    void setBusy(const QString &what);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    QUrl m_accountUrl;
    QString m_container;
    QString m_said; ///< to be said again after the listing that follows
    QStringListModel *m_containers;
    QComboBox *m_account;
    QListView *m_containerList;
    QLineEdit *m_containerName;
    QLabel *m_status;
    FolderView *m_folder;
    BlobPanel *m_blob;
    TransferList *m_transfers;
    QPushButton *m_open;
    QPushButton *m_cancel;
    ErrorPanel *m_error;
    std::unique_ptr<QObject> m_work; ///< context of what is under way
    Storage::ListRun *m_run = nullptr;
};

} // namespace Ui
