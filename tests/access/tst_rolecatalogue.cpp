#include "access/rolecatalogue.h"

#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using Access::Risk;
using Azure::RoleDefinition;

class RoleCatalogueTest : public QObject
{
    Q_OBJECT
private slots:
    void findsByWhatIsAllowed();
    void findsByWords();
    void tellsDataFromManagement_data();
    void tellsDataFromManagement();
    void marksRisk_data();
    void marksRisk();
    void countsPermissions();
    void findsOne_data();
    void findsOne();

private:
    static QStringList names(const QList<RoleDefinition> &roles)
    {
        QStringList list;
        for (const RoleDefinition &role : roles)
            list.append(role.name);
        return list;
    }
};

// "Who may delete a blob?"
void RoleCatalogueTest::findsByWhatIsAllowed()
{
    const QString operation =
        u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete"_s;
    const QStringList who = names(Access::rolesAllowing(Azure::builtInRoles(), operation));
    QVERIFY(who.contains(u"Storage Blob Data Contributor"_s) &&
            who.contains(u"Storage Blob Data Owner"_s));
    QVERIFY(!who.contains(u"Owner"_s)); // * is no data action
    QVERIFY(!who.contains(u"Storage Blob Data Reader"_s));
    QVERIFY(who.indexOf(u"Storage Blob Data Contributor"_s) <
            who.indexOf(u"Storage Blob Data Owner"_s));
    QCOMPARE(names(Access::searchRoles(Azure::builtInRoles(), operation)), who);
    const QStringList managers = names(Access::rolesAllowing(
        Azure::builtInRoles(), u"Microsoft.Storage/storageAccounts/delete"_s));
    QVERIFY(managers.contains(u"Owner"_s) && managers.contains(u"Storage Account Contributor"_s));
    // A word beside it narrows the list.
    const QStringList narrowed =
        names(Access::searchRoles(Azure::builtInRoles(), u"storage contributor "_s + operation));
    QVERIFY(narrowed.contains(u"Storage Blob Data Contributor"_s));
    QVERIFY(!narrowed.contains(u"Storage Blob Data Owner"_s));
}

void RoleCatalogueTest::findsByWords()
{
    const QStringList found = names(Access::searchRoles(Azure::builtInRoles(), u"blob READER"_s));
    QCOMPARE(found.value(0), u"Storage Blob Data Reader"_s);
    QCOMPARE(Access::searchRoles(Azure::builtInRoles(), {}).size(), Azure::builtInRoles().size());
    QVERIFY(Access::searchRoles(Azure::builtInRoles(), u"no such words"_s).isEmpty());
    QVERIFY(names(Access::searchRoles(Azure::builtInRoles(), u"2a2b9908"_s))
                .contains(u"Storage Blob Data Reader"_s));
}

void RoleCatalogueTest::tellsDataFromManagement_data()
{
    QTest::addColumn<QString>("operation");
    QTest::addColumn<std::optional<bool>>("data");
    QTest::newRow("data")
        << u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete"_s
        << std::optional(true);
    QTest::newRow("another case")
        << u"microsoft.storage/storageaccounts/blobservices/containers/blobs/READ"_s
        << std::optional(true);
    QTest::newRow("management") << u"Microsoft.Storage/storageAccounts/listKeys/action"_s
                                << std::optional(false);
    QTest::newRow("nobody names it")
        << u"Microsoft.Storage/no/such/read"_s << std::optional<bool>();
}

void RoleCatalogueTest::tellsDataFromManagement()
{
    QFETCH(QString, operation);
    QFETCH(std::optional<bool>, data);
    QVERIFY(Access::isDataAction(Azure::builtInRoles(), operation) == data);
}

void RoleCatalogueTest::marksRisk_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<Risk>("risk");
    QTest::newRow("reads blobs") << u"Storage Blob Data Reader"_s << Risk::Low;
    QTest::newRow("changes blobs") << u"Storage Blob Data Contributor"_s << Risk::Medium;
    QTest::newRow("reads keys") << u"Storage Account Key Operator Service Role"_s << Risk::High;
    QTest::newRow("manages accounts, and so their keys")
        << u"Storage Account Contributor"_s << Risk::High;
    QTest::newRow("everything but rights") << u"Contributor"_s << Risk::Highest;
    QTest::newRow("everything") << u"Owner"_s << Risk::Highest;
    QTest::newRow("gives rights") << u"User Access Administrator"_s << Risk::Highest;
    QTest::newRow("reads everything, keys excepted") << u"Reader"_s << Risk::Low;
}

void RoleCatalogueTest::marksRisk()
{
    QFETCH(QString, role);
    QFETCH(Risk, risk);
    const auto found = Access::findRole(Azure::builtInRoles(), role);
    QVERIFY(found);
    const Access::RoleSummary summary = Access::summaryOf(*found);
    QCOMPARE(Access::riskName(summary.risk), Access::riskName(risk));
    QVERIFY(!summary.why.isEmpty());
}

void RoleCatalogueTest::countsPermissions()
{
    RoleDefinition role;
    role.permissions = {{{u"a/read"_s, u"b/*"_s}, {u"b/delete"_s}, {u"c/write"_s}, {}, {}, {}},
                        {{u"d/read"_s}, {}, {}, {}, {}, {}}};
    const Access::RoleSummary summary = Access::summaryOf(role);
    QCOMPARE(summary.permissions, 4);
    QCOMPARE(summary.wildcards, 1);
    QVERIFY(summary.reachesData);
}

void RoleCatalogueTest::findsOne_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("found");
    const QString reader = u"Storage Blob Data Reader"_s;
    QTest::newRow("name in any case") << u" storage blob data READER "_s << reader;
    QTest::newRow("GUID") << u"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"_s << reader;
    QTest::newRow("resource ID")
        << u"/subscriptions/S/providers/Microsoft.Authorization/roleDefinitions/2A2B9908-6EA1-4AE2-8E65-A410DF84E7D1"_s
        << reader;
    QTest::newRow("part of a name") << u"Storage Blob"_s << QString();
}

void RoleCatalogueTest::findsOne()
{
    QFETCH(QString, asked);
    QFETCH(QString, found);
    const auto role = Access::findRole(Azure::builtInRoles(), asked);
    QCOMPARE(role ? role->name : QString(), found);
}

QTEST_GUILESS_MAIN(RoleCatalogueTest)
#include "tst_rolecatalogue.moc"
