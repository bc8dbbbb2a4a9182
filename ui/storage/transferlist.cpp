#include "ui/storage/transferlist.h"

#include "services/services.h"
#include "services/signin.h"
#include "storage/download.h"
#include "storage/upload.h"
#include "ui/storage/transferrow.h"
#include "ui/widgets/labels.h"

#include <QDir>
#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;

TransferList::TransferList(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    auto *content = new QWidget(this);
    m_rows = new QVBoxLayout(content);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(2);
    m_area = scrolled(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_area);
    content->installEventFilter(this);
    fit();
}

// As high as its rows, up to some of them; then it scrolls.
void TransferList::fit()
{
    const int most = fontMetrics().height() * 16;
    const int needed = m_rows->count() == 0          ? 0
                       : m_rows->hasHeightForWidth() ? m_rows->totalHeightForWidth(width())
                                                     : m_rows->totalSizeHint().height();
    setFixedHeight(std::min(needed, most));
}

bool TransferList::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        fit();
    return QWidget::eventFilter(watched, event);
}

void TransferList::add(TransferRow *row)
{
    // What has ended goes in its turn, so that ends do not pile up.
    QList<TransferRow *> over;
    for (int i = 0; i < m_rows->count(); ++i) {
        auto *one = qobject_cast<TransferRow *>(m_rows->itemAt(i)->widget());
        if (one && one->isOver())
            over.append(one);
    }
    for (; over.size() > keptEnds; over.removeFirst())
        delete over.first();
    m_rows->addWidget(row);
    m_area->verticalScrollBar()->setValue(m_area->verticalScrollBar()->maximum());
}

void TransferList::download(const Blob &blob, const QString &path)
{
    auto transfer = std::make_unique<Storage::Download>(
        m_services.transport, m_services.clock, placeOf(blob),
        Services::tokensFor(m_services, blob.principal, u"storage"_s), path);
    const QString name = blob.container + u'/' + blob.name;
    add(new TransferRow(
        std::move(transfer),
        {.during = tr("Downloading %1").arg(name),
         .end = tr("Saved to %1, readable by you only.").arg(QDir::toNativeSeparators(path)),
         .cancelled = tr("Cancelled: nothing of %1 was saved.").arg(name),
         .operation = Access::operationOf("GET", u'/' + name, {}, {})},
        this));
}

void TransferList::upload(const Blob &blob, const QString &path, const QString &contentType)
{
    auto transfer = std::make_unique<Storage::Upload>(
        m_services.transport, m_services.clock, placeOf(blob),
        Services::tokensFor(m_services, blob.principal, u"storage"_s), path,
        Storage::Upload::Options{contentType, {blob.etag}});
    const QString name = blob.container + u'/' + blob.name;
    auto *row = new TransferRow(
        std::move(transfer),
        {.during = tr("Uploading %1").arg(name),
         .end = tr("Uploaded to %1.").arg(name),
         .cancelled =
             tr("Cancelled: %1 was not written. Parts that were sent show nowhere, and the "
                "service drops them within a week.")
                 .arg(name),
         .cancelledLate =
             tr("Cancelled while the last request was under way: list the folder to see "
                "whether %1 was written.")
                 .arg(name),
         .operation =
             Access::operationOf("PUT", u'/' + name, {}, {{"x-ms-blob-type", "BlockBlob"}})},
        this);
    connect(row, &TransferRow::succeeded, this, [this, blob] { emit uploaded(blob); });
    add(row);
}

} // namespace Ui
