#include "access/rolecatalogue.h"
#include "ui/models/assignmenttree.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Ui::AssignmentTree;

class AssignmentTreeTest : public QObject
{
    Q_OBJECT
private slots:
    void putsEachWhereItHolds();
    void takesPlacesInAnySpelling();
    void showsWhatIsNotKnown();
    void saysWhatARoleAllows_data();
    void saysWhatARoleAllows();
    void showsServerTextAsText();

private:
    static RoleAssignment assignment(const QString &scope, const QString &role,
                                     const QString &condition = {})
    {
        static int number = 0;
        RoleAssignment one;
        one.id = scope + u"/providers/Microsoft.Authorization/roleAssignments/%1"_s.arg(++number);
        const auto known = Access::findRole(Azure::builtInRoles(), role);
        one.roleDefinitionId = known ? known->id : role;
        one.scope = *Azure::Scope::parse(scope);
        one.condition = condition;
        return one;
    }
    static QModelIndex child(const AssignmentTree &tree, const QModelIndex &parent,
                             const QString &begins)
    {
        for (int row = 0; row < tree.rowCount(parent); ++row) {
            const QModelIndex index = tree.index(row, AssignmentTree::Place, parent);
            if (index.data().toString().startsWith(begins))
                return index;
        }
        return {};
    }
    const QString m_group = u"/subscriptions/S/resourceGroups/rg"_s;
    const QString m_account = m_group + u"/providers/Microsoft.Storage/storageAccounts/data"_s;
    const QString m_reader = u"Storage Blob Data Reader"_s;
};

void AssignmentTreeTest::putsEachWhereItHolds()
{
    AssignmentTree tree;
    QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::QtTest);
    tree.setAssignments(
        {assignment(m_account + u"/blobServices/default/containers/invoices"_s, m_reader),
         assignment(u"/providers/Microsoft.Management/managementGroups/mg"_s, u"Reader"_s),
         assignment(m_group, u"Owner"_s)},
        Azure::builtInRoles());
    QCOMPARE(tree.rowCount(), 2);
    const QModelIndex above = child(tree, {}, u"mg"_s);
    QVERIFY(child(tree, above, u"Reader"_s).isValid());
    const QModelIndex group = child(tree, child(tree, {}, u"S"_s), u"rg"_s);
    QVERIFY(child(tree, group, u"Owner"_s).isValid());
    const QModelIndex container = child(tree, child(tree, group, u"data"_s), u"invoices"_s);
    const QModelIndex role = child(tree, container, m_reader);
    QVERIFY(role.isValid());
    QVERIFY(tree.assignment(role));
    QCOMPARE(tree.assignment(role)->scope.lastName(), u"invoices"_s);
    QVERIFY(!tree.assignment(container));
    QCOMPARE(container.data(AssignmentTree::ScopeRole).toString(),
             m_account + u"/blobServices/default/containers/invoices"_s);
    tree.setAssignments({}, {});
    QCOMPARE(tree.rowCount(), 0);
}

void AssignmentTreeTest::takesPlacesInAnySpelling()
{
    AssignmentTree tree;
    tree.setAssignments({assignment(m_group, m_reader), assignment(m_group.toUpper(), u"Owner"_s)},
                        Azure::builtInRoles());
    QCOMPARE(tree.rowCount(), 1);
    QCOMPARE(tree.rowCount(child(tree, tree.index(0, 0), u"rg"_s)), 2);
}

void AssignmentTreeTest::showsWhatIsNotKnown()
{
    AssignmentTree tree;
    tree.setAssignments({assignment(m_group, u"custom-role-id"_s),
                         assignment(m_group, m_reader, u"@Resource[a:b] StringEquals 'x'"_s)},
                        Azure::builtInRoles());
    const QModelIndex group = child(tree, tree.index(0, 0), u"rg"_s);
    QVERIFY(child(tree, group, u"role custom-role-id"_s).isValid());
    const QModelIndex conditional = child(tree, group, m_reader);
    QVERIFY(conditional.siblingAtColumn(AssignmentTree::Allows)
                .data()
                .toString()
                .contains(u"condition"));
}

void AssignmentTreeTest::saysWhatARoleAllows_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("words");
    QTest::newRow("reads") << m_reader << u"read blobs"_s;
    QTest::newRow("reads, writes and deletes")
        << u"Storage Blob Data Contributor"_s << u"read, write, delete blobs"_s;
    QTest::newRow("manages, and cannot read a blob") << u"Owner"_s << u"no blob's content"_s;
    QTest::newRow("gives rights") << u"User Access Administrator"_s << u"give rights to others"_s;
    QTest::newRow("reads keys") << u"Storage Account Contributor"_s << u"read the account's keys"_s;
}

void AssignmentTreeTest::saysWhatARoleAllows()
{
    QFETCH(QString, role);
    QFETCH(QString, words);
    const auto found = Access::findRole(Azure::builtInRoles(), role);
    QVERIFY(found);
    QVERIFY2(Ui::roleInWords(*found).contains(words), qPrintable(Ui::roleInWords(*found)));
    QVERIFY(Ui::roleActions(*found).contains(u"ctions:"));
}

void AssignmentTreeTest::showsServerTextAsText()
{
    AssignmentTree tree;
    tree.setAssignments({assignment(u"/subscriptions/<b>S</b>"_s, m_reader)},
                        Azure::builtInRoles());
    QVERIFY(!tree.index(0, 0).data(Qt::ToolTipRole).toString().contains(u"<b>"));
}

QTEST_GUILESS_MAIN(AssignmentTreeTest)
#include "tst_assignmenttree.moc"
