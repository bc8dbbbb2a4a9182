#include "ui/models/rolemodel.h"
#include "ui/roles/rolesearch.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using Ui::RoleModel;
using Ui::RoleSearch;

/// Which role would do: found by its name, its description, or what it allows.
class RoleSearchTest : public QObject
{
    Q_OBJECT
private slots:
    void showsAllAtFirst();
    void findsByWordsAndOperation_data();
    void findsByWordsAndOperation();
    void asksWhoMayDeleteABlob();
    void saysWhatIsAtStake();
    void saysThatThereIsNone();

private:
    template<typename T>
    static T *in(const QWidget &widget, const char *name)
    {
        T *found = widget.findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    static QStringList names(const RoleSearch &search)
    {
        const auto *model = in<QTableView>(search, "rolesFound")->model();
        QStringList all;
        for (int row = 0; row < model->rowCount(); ++row)
            all.append(model->index(row, RoleModel::Name).data().toString());
        return all;
    }
};

void RoleSearchTest::showsAllAtFirst()
{
    const RoleSearch search(u"Role"_s);
    QVERIFY(names(search).size() > 50);
    QVERIFY2(!search.role(), "nothing is chosen by itself");
    QCOMPARE(in<QLineEdit>(search, "roleSearchField")->accessibleName(), u"Role"_s);
}

void RoleSearchTest::findsByWordsAndOperation_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("first");
    QTest::addRow("a name") << u"storage blob data reader"_s << u"Storage Blob Data Reader"_s;
    QTest::addRow("words of a description") << u"delegation key"_s << u"Storage Blob Delegator"_s;
    QTest::addRow("an operation, the least role first")
        << u"Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"_s
        << u"Storage Blob Delegator"_s;
}

void RoleSearchTest::findsByWordsAndOperation()
{
    QFETCH(QString, text);
    QFETCH(QString, first);
    RoleSearch search(u"Role"_s);
    QSignalSpy changed(&search, &RoleSearch::changed);
    in<QLineEdit>(search, "roleSearchField")->setText(text);
    QVERIFY(!changed.isEmpty());
    QVERIFY2(names(search).contains(first), qPrintable(names(search).join(u", "_s)));
    QVERIFY(search.role());
    QCOMPARE(search.role()->name, first);
}

void RoleSearchTest::asksWhoMayDeleteABlob()
{
    RoleSearch search(u"Role"_s);
    auto *questions = in<QComboBox>(search, "roleQuestions");
    const int row = questions->findText(u"delete a blob?"_s);
    QVERIFY(row > 0);
    questions->setCurrentIndex(row);
    emit questions->activated(row);
    const QStringList found = names(search);
    QVERIFY2(found.contains(u"Storage Blob Data Contributor"_s) &&
                 found.contains(u"Storage Blob Data Owner"_s),
             qPrintable(found.join(u", "_s)));
    QVERIFY(!found.contains(u"Storage Blob Data Reader"_s));
    QVERIFY2(!found.contains(u"Owner"_s), "Owner manages, and may not delete a blob");
    QCOMPARE(questions->currentIndex(), 0); // ready for the next question
    QVERIFY(in<QLabel>(search, "rolesFoundCount")->text().contains(u"least first"));
    // Every question finds somebody: none of the operations is misspelt.
    for (int each = 1; each < questions->count(); ++each) {
        emit questions->activated(each);
        QVERIFY2(!names(search).isEmpty(), qPrintable(questions->itemText(each)));
    }
}

void RoleSearchTest::saysWhatIsAtStake()
{
    RoleModel model(Azure::builtInRoles());
    const auto risk = [&](const QString &name) {
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row, RoleModel::Name).data().toString() == name)
                return model.index(row, RoleModel::Risk);
        }
        return QModelIndex();
    };
    const QModelIndex owner = risk(u"Owner"_s), reader = risk(u"Storage Blob Data Reader"_s);
    QVERIFY(owner.isValid() && reader.isValid());
    QCOMPARE(owner.data().toString(), u"● highest"_s);
    QCOMPARE(reader.data().toString(), u"○ low"_s);
    QCOMPARE(reader.data(Qt::AccessibleTextRole).toString(), u"risk: low"_s);
    QVERIFY(!owner.data(Qt::ToolTipRole).toString().isEmpty());
    bool isNumber = false;
    QVERIFY(reader.siblingAtColumn(RoleModel::Permissions).data().toInt(&isNumber) > 0 && isNumber);
}

void RoleSearchTest::saysThatThereIsNone()
{
    RoleSearch search(u"Role"_s);
    in<QLineEdit>(search, "roleSearchField")->setText(u"no such words anywhere"_s);
    QVERIFY(names(search).isEmpty() && !search.role());
    QCOMPARE(in<QLabel>(search, "rolesFoundCount")->text(), u"No built-in role."_s);
}

QTEST_MAIN(RoleSearchTest)
#include "tst_rolesearch.moc"
