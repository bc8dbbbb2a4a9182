#include "core/atomicfile.h"
#include "http/activitylog.h"
#include "services/sandboxsession.h"
#include "services/services.h"
#include "services/signin.h"
#include "storage/transfer.h"
#include "support/tlsserver.h"
#include "ui/storage/storagepage.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

/// The Storage page with the real sandbox: Entra ID, role-enforcing blob service, Azurite, a real
/// keychain.
class StoragePageTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void showsAllThatIsKnownOfABlob();
    void saysWhichRightTheTagsNeed();
    void downloadsUploadsReplacesAndDeletes();
    void goesOnWhenAnotherPrincipalIsChosen();
    void cancelsAndLeavesNothing();
    void namesTheMissingRight();
    void deletesOnlyWhatWasListed();
    void signsInAnewAfterARefusal();
    void keepsSecretsOutOfActivity();
    void cleanupTestCase() { m_page.reset(); }

private:
    void as(const QString &principal);
    void open(const QString &container);
    bool select(const QString &blob);
    template<typename T = QWidget>
    T *in(const char *name, QWidget *where = nullptr) const
    {
        // The newest: rows and dialogs come after others.
        const auto all =
            (where ? where : m_page.get())->findChildren<T *>(QString::fromLatin1(name));
        return all.isEmpty() ? nullptr : all.last();
    }
    void press(const char *name, QWidget *where = nullptr)
    {
        in<QAbstractButton>(name, where)->click();
    }
    QString words() const
    {
        const auto *row = in<QLabel>("transferWords");
        return row ? row->accessibleName() : QString();
    }
    QString error(QWidget *where) const
    {
        const auto panels = where->findChildren<QWidget *>(u"errorPanel"_s);
        for (const QWidget *one : panels) {
            if (one->isVisible())
                return one->accessibleName();
        }
        return {};
    }
    void choose(const QString &path)
    {
        auto *dialog = m_page->findChild<QFileDialog *>();
        QVERIFY(dialog);
        emit dialog->fileSelected(path);
        dialog->reject();
        QTRY_VERIFY(!m_page->findChild<QFileDialog *>());
    }
    QString file(const QString &name, const QByteArray &bytes)
    {
        const QString path = m_folder.filePath(name);
        if (const auto written = Core::writeFileAtomically(path, bytes); !written)
            qFatal("%s", qPrintable(Core::describe(written.error())));
        return path;
    }
    QWidget *upload(const QString &path)
    {
        press("uploadButton");
        choose(path);
        auto *dialog = in<QDialog>("uploadDialog");
        return dialog && dialog->isVisible() ? dialog : nullptr;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<Services::SandboxSession> m_sandbox;
    std::unique_ptr<Ui::StoragePage> m_page;
};

void StoragePageTest::initTestCase()
{
    m_services = std::make_unique<Services::Services>(m_folder.filePath(u"config"_s));
    m_sandbox = std::make_unique<Services::SandboxSession>(*m_services);
    bool ready = false;
    QString why;
    connect(m_sandbox.get(), &Services::SandboxSession::ready, this, [&] { ready = true; });
    connect(m_sandbox.get(), &Services::SandboxSession::failed, this,
            [&](const Core::Error &one) { why = Core::describe(one); });
    m_sandbox->start();
    QTRY_VERIFY_WITH_TIMEOUT(ready || !why.isEmpty(), 90'000);
    QVERIFY2(ready, qPrintable(why));
}

void StoragePageTest::init()
{
    m_page = std::make_unique<Ui::StoragePage>(*m_services);
    m_page->resize(1000, 800);
    m_page->show();
    as(u"storage-admin"_s);
}

void StoragePageTest::as(const QString &name)
{
    const auto principals = m_services->vault.list().value_or({});
    const auto found = std::find_if(principals.cbegin(), principals.cend(),
                                    [&](const ServicePrincipal &one) { return one.name == name; });
    QVERIFY(found != principals.cend());
    m_page->setPrincipal(*found);
}

void StoragePageTest::open(const QString &container)
{
    // That of orders-service, whoever looks.
    const auto principals = m_services->vault.list().value_or({});
    const auto owner =
        std::find_if(principals.cbegin(), principals.cend(),
                     [](const ServicePrincipal &one) { return one.name == u"orders-service"; });
    QVERIFY(owner != principals.cend() && !owner->accounts.isEmpty());
    in<QComboBox>("storageAccountField")->setCurrentText(owner->accounts.first().toString());
    press("browseButton");
    QTRY_VERIFY(!in("cancelBrowseButton")->isVisible());
    in<QLineEdit>("containerNameField")->setText(container);
    QTest::keyClick(in<QLineEdit>("containerNameField"), Qt::Key_Return);
    QTRY_VERIFY(!in("cancelBrowseButton")->isVisible());
    QVERIFY2(error(m_page.get()).isEmpty(), qPrintable(error(m_page.get())));
}

// Where a listing is under way, its row comes with it.
bool StoragePageTest::select(const QString &blob)
{
    auto *table = in<QAbstractItemView>("blobTable");
    table->setCurrentIndex({});
    const auto *model = table->model();
    const auto found = [&] {
        return model->match(model->index(0, 0), Qt::DisplayRole, blob, 1,
                            Qt::MatchExactly | Qt::MatchCaseSensitive);
    };
    if (!QTest::qWaitFor([&] { return !in("cancelBrowseButton")->isVisible(); }, 10'000) ||
        found().isEmpty())
        return false;
    table->setCurrentIndex(found().first());
    return true;
}

void StoragePageTest::showsAllThatIsKnownOfABlob()
{
    open(u"product-images"_s);
    QVERIFY(select(u"blue.png"_s));
    press("detailsButton");
    auto *details = in<QTreeWidget>("blobDetails");
    QTRY_VERIFY(!details->findItems(u"Tags"_s, Qt::MatchExactly).isEmpty());
    const auto value = [&](const QString &label) {
        const auto items = details->findItems(label, Qt::MatchExactly);
        return items.isEmpty() ? u"(not there)"_s : items.first()->text(1);
    };
    QCOMPARE(value(u"Content type"_s), u"image/png"_s);
    QCOMPARE(value(u"Metadata: alt"_s), u"a blue square"_s);
    QCOMPARE(value(u"Blob type"_s), u"BlockBlob"_s);
    QCOMPARE(value(u"Tags"_s), u"none"_s);
    QVERIFY(value(u"Size"_s).endsWith(u"bytes"));
    QVERIFY(!value(u"ETag"_s).isEmpty());

    open(u"orders"_s);
    QVERIFY(select(u"inbox/"_s));
    emit in<QAbstractItemView>("blobTable")
        ->activated(in<QAbstractItemView>("blobTable")->currentIndex());
    QVERIFY(select(u"order-2001.json"_s));
    QVERIFY(!details->isVisible());
    press("detailsButton");
    QTRY_VERIFY(!details->findItems(u"Tag: status"_s, Qt::MatchExactly).isEmpty());
    QCOMPARE(value(u"Tag: status"_s), u"new"_s);
}

void StoragePageTest::saysWhichRightTheTagsNeed()
{
    as(u"orders-service"_s);
    open(u"product-images"_s);
    QVERIFY(select(u"red.png"_s));
    press("detailsButton");
    auto *details = in<QTreeWidget>("blobDetails");
    QTRY_VERIFY(!details->findItems(u"Tags"_s, Qt::MatchExactly).isEmpty());
    const QString tags = details->findItems(u"Tags"_s, Qt::MatchExactly).first()->text(1);
    QVERIFY2(tags.contains(u"blobs/tags/read") && tags.contains(u"Storage Blob Data Owner"),
             qPrintable(tags));
    QVERIFY(error(m_page.get()).isEmpty());
}

void StoragePageTest::downloadsUploadsReplacesAndDeletes()
{
    as(u"orders-service"_s);
    open(u"invoices"_s);
    // Several blocks, so that nothing of it is true by accident.
    QByteArray bytes;
    for (int i = 0; bytes.size() < 2 * Storage::Transfer::smallestPiece + 99; ++i)
        bytes += QByteArray::number(i) + '\n';
    auto *dialog = upload(file(u"big <b>file.txt"_s, bytes));
    QVERIFY(dialog);
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY_WITH_TIMEOUT(words().startsWith(u"Uploaded"), 60'000);
    QVERIFY2(words().contains(u"invoices/big <b>file.txt"), qPrintable(words()));

    QVERIFY(select(u"big <b>file.txt"_s));
    press("downloadButton");
    const QString saved = m_folder.filePath(u"saved"_s);
    choose(saved);
    QTRY_VERIFY_WITH_TIMEOUT(words().startsWith(u"Saved"), 60'000);
    QVERIFY(Core::readFile(saved).value_or({}) == bytes);

    // The same name again: replaced only when its name was typed.
    dialog = upload(file(u"big <b>file.txt"_s, "new"));
    QVERIFY(dialog);
    auto *confirm = in<QAbstractButton>("uploadConfirmButton", dialog);
    confirm->click();
    auto *typed = in<QLineEdit>("uploadTypedField", dialog);
    QTRY_VERIFY(typed->isVisible());
    QVERIFY(in<QLabel>("uploadThere", dialog)->text().contains(u"already"));
    QVERIFY(!confirm->isEnabled());
    typed->setText(u"big"_s);
    QVERIFY(!confirm->isEnabled());
    typed->setText(u"big <b>file.txt"_s);
    QVERIFY(confirm->isEnabled());
    confirm->click();
    QTRY_VERIFY_WITH_TIMEOUT(words().startsWith(u"Uploaded"), 60'000);

    QVERIFY(select(u"big <b>file.txt"_s));
    press("deleteButton");
    auto *deleting = in<QDialog>("deleteDialog");
    QVERIFY(deleting && deleting->isVisible());
    auto *sure = in<QAbstractButton>("deleteConfirmButton", deleting);
    QVERIFY(!sure->isEnabled());
    in<QLineEdit>("deleteTypedField", deleting)->setText(u"big <b>file.txt"_s);
    QVERIFY(sure->isEnabled());
    sure->click();
    QTRY_VERIFY(in<QLabel>("storageStatus")->text().startsWith(u"Deleted"));
    QTRY_VERIFY(!select(u"big <b>file.txt"_s));
}

void StoragePageTest::goesOnWhenAnotherPrincipalIsChosen()
{
    as(u"orders-service"_s);
    open(u"invoices"_s);
    QVERIFY(select(u"README.md"_s));
    auto *dialog = upload(file(u"before.txt"_s, "x"));
    QVERIFY(dialog);
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY(words().startsWith(u"Uploaded"));
    // What was looked at stays chosen when the folder is listed again.
    QTRY_VERIFY(in("previewButton")->isVisible());
    QVERIFY(in<QLabel>("blobProperties")->text().contains(u"README.md"));
    dialog = upload(file(u"going on.bin"_s, QByteArray(5 * Storage::Transfer::smallestPiece, 'x')));
    QVERIFY(dialog);
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY(words().startsWith(u"Uploading"));
    as(u"reporting"_s);
    QTRY_VERIFY_WITH_TIMEOUT(words().startsWith(u"Uploaded"), 60'000);
    open(u"invoices"_s);
    QVERIFY(select(u"going on.bin"_s));
}

void StoragePageTest::cancelsAndLeavesNothing()
{
    as(u"orders-service"_s);
    open(u"invoices"_s);
    auto *dialog =
        upload(file(u"cancelled.bin"_s, QByteArray(20 * Storage::Transfer::smallestPiece, 'x')));
    QVERIFY(dialog);
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY(words().startsWith(u"Uploading"));
    QTRY_VERIFY(!in<QLabel>("transferAmount")->text().isEmpty());
    press("transferButton");
    QVERIFY2(words().startsWith(u"Cancelled"), qPrintable(words()));
    QVERIFY(!select(u"cancelled.bin"_s));
    open(u"invoices"_s);
    QVERIFY(!select(u"cancelled.bin"_s));
    press("transferButton"); // Close
    QTRY_VERIFY(!in("transferRow"));
}

void StoragePageTest::namesTheMissingRight()
{
    as(u"reporting"_s);
    open(u"invoices"_s);
    auto *dialog = upload(file(u"not mine.txt"_s, "x"));
    QVERIFY(dialog);
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY(in("transferRow") && !error(in("transferRow")).isEmpty());
    const QString refused = error(in("transferRow"));
    QVERIFY2(refused.contains(u"AuthorizationPermissionMismatch") &&
                 refused.contains(u"blobs/write"),
             qPrintable(refused));

    QVERIFY(select(u"README.md"_s));
    press("deleteButton");
    auto *deleting = in<QDialog>("deleteDialog");
    in<QLineEdit>("deleteTypedField", deleting)->setText(u"README.md"_s);
    press("deleteConfirmButton", deleting);
    QTRY_VERIFY(!error(deleting).isEmpty());
    QVERIFY2(error(deleting).contains(u"blobs/delete"), qPrintable(error(deleting)));
    deleting->reject();
    QVERIFY(select(u"README.md"_s));
}

void StoragePageTest::deletesOnlyWhatWasListed()
{
    as(u"orders-service"_s);
    open(u"invoices"_s);
    auto *dialog = upload(file(u"changing.txt"_s, "first"));
    press("uploadConfirmButton", dialog);
    QTRY_VERIFY(words().startsWith(u"Uploaded"));
    QVERIFY(select(u"changing.txt"_s));
    press("deleteButton");
    auto *deleting = in<QDialog>("deleteDialog");
    // Meanwhile somebody replaces it.
    auto *other = upload(file(u"changing.txt"_s, "second"));
    press("uploadConfirmButton", other);
    QTRY_VERIFY(in<QLineEdit>("uploadTypedField", other)->isVisible());
    in<QLineEdit>("uploadTypedField", other)->setText(u"changing.txt"_s);
    const int rows = int(m_page->findChildren<QWidget *>(u"transferRow"_s).size());
    press("uploadConfirmButton", other);
    QTRY_COMPARE(int(m_page->findChildren<QWidget *>(u"transferRow"_s).size()), rows + 1);
    QTRY_VERIFY(words().startsWith(u"Uploaded"));

    in<QLineEdit>("deleteTypedField", deleting)->setText(u"changing.txt"_s);
    press("deleteConfirmButton", deleting);
    QTRY_VERIFY(!error(deleting).isEmpty());
    QVERIFY2(error(deleting).contains(u"nothing was deleted"), qPrintable(error(deleting)));
    deleting->reject();
    QVERIFY(select(u"changing.txt"_s));
}

// A token that a service refuses is not used until it expires.
void StoragePageTest::signsInAnewAfterARefusal()
{
    const auto tokensAsked = [this] {
        const auto &all = m_services->activity.entries();
        return std::count_if(all.cbegin(), all.cend(), [](const Http::Activity &one) {
            return one.url.path().endsWith(u"/oauth2/v2.0/token");
        });
    };
    as(u"orders-service"_s);
    open(u"invoices"_s);
    const auto before = tokensAsked();
    QVERIFY(before > 0);
    open(u"orders"_s);
    QCOMPARE(tokensAsked(), before);

    Test::TlsServer revoking([](const auto &) {
        return Test::TlsServer::response(
            401, {}, "WWW-Authenticate: Bearer error=\"insufficient_claims\"\r\n");
    });
    const auto principals = m_services->vault.list().value_or({});
    const auto used =
        std::find_if(principals.cbegin(), principals.cend(),
                     [](const ServicePrincipal &one) { return one.name == u"orders-service"; });
    bool refused = false;
    Services::signIn(*m_services, *used, u"storage"_s, this,
                     [&](const Core::Result<Services::SignedIn> &session) {
                         QVERIFY(session);
                         Http::Request asked;
                         asked.url = revoking.url();
                         asked.trust.plainLoopback = true;
                         asked.bearer = session->token.value;
                         m_services->transport.send(std::move(asked), this,
                                                    [&](const auto &answer) {
                                                        refused = answer && answer->status == 401;
                                                    });
                     });
    QTRY_VERIFY(refused);
    QCOMPARE(tokensAsked(), before);
    open(u"invoices"_s);
    QCOMPARE(tokensAsked(), before + 1);
}

void StoragePageTest::keepsSecretsOutOfActivity()
{
    QSet<QByteArray> verbs;
    for (const Http::Activity &one : m_services->activity.entries()) {
        verbs.insert(one.verb);
        for (const auto &[name, value] : one.headers)
            QVERIFY2(name.compare("authorization", Qt::CaseInsensitive) != 0 &&
                         !value.contains("Bearer "),
                     name.constData());
        QVERIFY(!one.curl().contains(u"eyJ"));
    }
    for (const char *verb : {"GET", "HEAD", "PUT", "DELETE", "POST"})
        QVERIFY2(verbs.contains(verb), verb);
}

QTEST_MAIN(StoragePageTest)
#include "tst_storagepage.moc"
