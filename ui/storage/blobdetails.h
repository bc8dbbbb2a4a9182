#pragma once

#include "ui/storage/blob.h"

#include <QTreeWidget>
#include <memory>

namespace Core {
struct Error;
}
namespace Services {
struct Services;
}

namespace Ui {

/// All that the service tells of one blob: properties, metadata, and the tags where they may be
/// read.
class BlobDetails final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit BlobDetails(Services::Services &services, QWidget *parent = nullptr);
    ~BlobDetails() override;

    /// Reads them anew. finished() or failed() follows; deleting or clear() cancels.
    void read(const Blob &blob);
    void clearAll();

signals:
    void finished();
    void failed(const Core::Error &error);

private:
    void readTags(const Blob &blob);
    void add(const QString &label, const QString &value);

    Services::Services &m_services;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
