#include "ui/storage/blobdetails.h"

#include "access/missingpermission.h"
#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"

#include <QHeaderView>
#include <QLocale>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Storage::BlobClient;

namespace {

struct Known
{
    const char *header;
    const char *label;
};
// In the order in which they are shown; what is not there is left out.
constexpr Known known[] = {
    {"Content-Length", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Size")},
    {"Content-Type", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Content type")},
    {"Content-Encoding", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Content encoding")},
    {"Content-Language", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Content language")},
    {"Content-Disposition", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Content disposition")},
    {"Cache-Control", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Cache control")},
    {"Content-MD5", QT_TRANSLATE_NOOP("Ui::BlobDetails", "MD5")},
    {"ETag", QT_TRANSLATE_NOOP("Ui::BlobDetails", "ETag")},
    {"x-ms-creation-time", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Created")},
    {"Last-Modified", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Modified")},
    {"x-ms-blob-type", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Blob type")},
    {"x-ms-access-tier", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Access tier")},
    {"x-ms-archive-status", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Archive status")},
    {"x-ms-lease-state", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Lease")},
    {"x-ms-version-id", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Version")},
    {"x-ms-immutability-policy-until-date",
     QT_TRANSLATE_NOOP("Ui::BlobDetails", "Immutable until")},
    {"x-ms-legal-hold", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Legal hold")},
    {"x-ms-encryption-scope", QT_TRANSLATE_NOOP("Ui::BlobDetails", "Encryption scope")},
};

} // namespace

BlobDetails::BlobDetails(Services::Services &services, QWidget *parent)
    : QTreeWidget(parent)
    , m_services(services)
{
    setObjectName(u"blobDetails"_s);
    setAccessibleName(tr("The blob's properties"));
    setHeaderLabels({tr("Property"), tr("Value")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(true);
    setMaximumHeight(fontMetrics().lineSpacing() * 14);
    setColumnWidth(0, fontMetrics().averageCharWidth() * 28);
    hide();
}

BlobDetails::~BlobDetails() = default;

void BlobDetails::clearAll()
{
    m_work.reset();
    clear();
    hide();
}

void BlobDetails::add(const QString &label, const QString &value)
{
    auto *item = new QTreeWidgetItem(this, {label, value.left(8192)});
    item->setToolTip(1, value.left(8192).toHtmlEscaped());
}

void BlobDetails::read(const Blob &blob)
{
    clearAll();
    m_work = std::make_unique<QObject>();
    const auto fill = [this, blob](const Result<BlobClient::Properties> &properties) {
        if (!properties) {
            const auto operation =
                Access::operationOf("HEAD", u'/' + blob.container + u'/' + blob.name, {}, {});
            return emit failed(operation
                                   ? Access::withMissingPermission(properties.error(), *operation)
                                   : properties.error());
        }
        for (const auto &[name, label] : known) {
            QString value = QString::fromUtf8(Http::header(properties->headers, name));
            if (qstrcmp(name, "Content-Length") == 0)
                value = tr("%1 bytes").arg(QLocale().toString(value.toLongLong()));
            if (!value.isEmpty())
                add(tr(label), value);
        }
        for (const auto &[name, value] : properties->headers) {
            if (name.toLower().startsWith("x-ms-meta-"))
                add(tr("Metadata: %1").arg(QString::fromUtf8(name.mid(10))),
                    QString::fromUtf8(value));
        }
        show();
        readTags(blob);
    };
    Services::signIn(m_services, blob.principal, u"storage"_s, m_work.get(),
                     [this, blob, fill](const Result<Services::SignedIn> &session) {
                         if (!session)
                             return emit failed(session.error());
                         BlobClient client(m_services.transport, m_services.clock,
                                           {blob.account, session->cloud.trust});
                         client.head(session->token, blob.container, blob.name, m_work.get(), fill);
                     });
}

// They need a permission of their own, which few have: what is refused here is said here, and is no
// failure.
void BlobDetails::readTags(const Blob &blob)
{
    const auto fill = [this, blob](const Result<BlobClient::Tags> &tags) {
        if (!tags) {
            const Error error = Access::withMissingPermission(
                tags.error(), *Access::operationOf("GET", u'/' + blob.container + u'/' + blob.name,
                                                   u"comp=tags"_s, {}));
            add(tr("Tags"),
                tr("not read: %1 %2")
                    .arg(error.code.isEmpty() ? error.message : error.code, error.nextStep));
        } else if (tags->isEmpty()) {
            add(tr("Tags"), tr("none"));
        } else {
            for (const auto &[key, value] : *tags)
                add(tr("Tag: %1").arg(key), value);
        }
        emit finished();
    };
    Services::signIn(m_services, blob.principal, u"storage"_s, m_work.get(),
                     [this, blob, fill](const Result<Services::SignedIn> &session) {
                         if (!session)
                             return emit failed(session.error());
                         BlobClient client(m_services.transport, m_services.clock,
                                           {blob.account, session->cloud.trust});
                         client.tags(session->token, blob.container, blob.name, m_work.get(), fill);
                     });
}

} // namespace Ui
