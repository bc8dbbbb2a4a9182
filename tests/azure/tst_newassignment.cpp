#include "azure/armclient.h"
#include "azure/newassignment.h"
#include "support/faketransport.h"
#include "support/recordings.h"
#include "support/replay.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>
#include <QUuid>

using namespace Qt::StringLiterals;
using Azure::NewAssignment;
using Azure::Scope;
using Core::Error;
using Core::Result;

class NewAssignmentTest : public QObject
{
    Q_OBJECT
private slots:
    void namesAreTheSameForTheSameInAnySpelling();
    void namesDifferWhereAnythingDiffers();
    void asksAsRecorded_data();
    void asksAsRecorded();
    void understandsRecordedRefusals_data();
    void understandsRecordedRefusals();
    void waitsForThePrincipalAsRecorded();
    void deletesAsRecorded();
    void namesDifferByOneDigit();
    void deletesNothingElse_data();
    void deletesNothingElse();
    void findsWhatNamesThePrincipal();
    void writesAnAzCommandForTheShell();

private:
    static NewAssignment random(QRandomGenerator &dice);
    static QString anyCase(const QString &text, QRandomGenerator &dice);
};

NewAssignment NewAssignmentTest::random(QRandomGenerator &dice)
{
    const auto guid = [&] {
        return QUuid(dice.generate(), quint16(dice.generate()), quint16(dice.generate()), 1, 2, 3,
                     4, 5, 6, 7, 8)
            .toString(QUuid::WithoutBraces);
    };
    const QString group = u"/subscriptions/"_s + guid() + u"/resourceGroups/rg-"_s +
                          QString::number(dice.bounded(1000));
    const QString account = group + u"/providers/Microsoft.Storage/storageAccounts/a"_s +
                            QString::number(dice.bounded(1000));
    const QStringList scopes{u"/"_s,
                             u"/providers/Microsoft.Management/managementGroups/g"_s +
                                 QString::number(dice.bounded(1000)),
                             group.section(u'/', 0, 2),
                             group,
                             account,
                             account + u"/blobServices/default/containers/c"_s};
    return {*Scope::parse(scopes[dice.bounded(int(scopes.size()))]),
            guid(),
            guid(),
            u"ServicePrincipal"_s,
            {},
            {}};
}

QString NewAssignmentTest::anyCase(const QString &text, QRandomGenerator &dice)
{
    QString mixed;
    for (const QChar c : text)
        mixed += dice.bounded(2) ? c.toUpper() : c.toLower();
    return mixed;
}

void NewAssignmentTest::namesAreTheSameForTheSameInAnySpelling()
{
    QRandomGenerator dice(20260102);
    for (int i = 0; i < 2000; ++i) {
        const NewAssignment one = random(dice);
        NewAssignment same = one;
        same.scope = *Scope::parse(anyCase(one.scope.id(), dice) +
                                   (one.scope.id() == u"/" || dice.bounded(2) ? u""_s : u"/"_s));
        same.principalId = anyCase(one.principalId, dice);
        same.roleDefinitionId = anyCase(one.roleDefinitionId, dice);
        same.condition = u"@Resource[a:b] StringEquals 'x'"_s; // a changed condition is a change of
                                                               // the same assignment
        same.description = u"other"_s;
        QCOMPARE(same.name(), one.name());
        const QUuid uuid(one.name());
        QCOMPARE(uuid.version(), QUuid::Sha1);
        QCOMPARE(uuid.variant(), QUuid::DCE);
    }
    // Fixed for all time: assignments made by earlier versions must be met again.
    const NewAssignment fixed{*Scope::parse(u"/subscriptions/S"_s), u"R"_s, u"P"_s, {}, {}, {}};
    QCOMPARE(fixed.name(), u"1d3f0aff-6930-589e-9100-bba687034ac5"_s);
}

void NewAssignmentTest::namesDifferWhereAnythingDiffers()
{
    QRandomGenerator dice(7);
    QSet<QString> names;
    qsizetype made = 0;
    for (int i = 0; i < 2000; ++i) {
        const NewAssignment one = random(dice);
        NewAssignment other = one;
        other.principalId = one.roleDefinitionId;
        other.roleDefinitionId = one.principalId; // swapped, not only changed
        NewAssignment below = one;
        below.scope = *Scope::parse((one.scope.id() == u"/" ? QString() : one.scope.id()) +
                                    u"/providers/x"_s);
        for (const NewAssignment &each : {one, other, below}) {
            names.insert(each.name());
            ++made;
        }
    }
    QCOMPARE(names.size(), made);
}

void NewAssignmentTest::asksAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("step");
    QTest::addColumn<bool>("version");
    QTest::newRow("resource group")
        << u"flow-roleassignment-create-list-delete.json"_s << 0 << true;
    QTest::newRow("condition and description")
        << u"roleassignment-with-condition.json"_s << 0 << true;
    QTest::newRow("management group")
        << u"flow-roleassignment-managementgroup.json"_s << 0 << false;
    QTest::newRow("subscription, after it was found")
        << u"flow-roleassignment-principalnotfound-then-created.json"_s << 2 << false;
}

void NewAssignmentTest::asksAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(int, step);
    QFETCH(bool, version);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    Test::Exchange recorded = Test::recording(u"arm"_s, file).at(step);
    const QJsonObject properties =
        QJsonDocument::fromJson(recorded.requestBody).object()[u"properties"].toObject();
    const QString path = recorded.url.path();
    NewAssignment wanted;
    wanted.scope = *Scope::parse(path.left(path.indexOf(u"/providers/Microsoft.Authorization/")));
    wanted.roleDefinitionId = properties[u"roleDefinitionId"].toString().section(u'/', -1);
    wanted.principalId = properties[u"principalId"].toString();
    wanted.principalType = properties[u"principalType"].toString(u"ServicePrincipal"_s);
    wanted.condition = properties[u"condition"].toString();
    wanted.description = properties[u"description"].toString();

    Test::FakeTransport transport;
    transport.reply(recorded.response);
    Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<Azure::RoleAssignment>> got;
    client.createAssignment({Core::Secret("t"), {}, {}}, wanted, &context,
                            [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(*got);
    QCOMPARE((*got)->scope, wanted.scope);
    QCOMPARE((*got)->principalId, wanted.principalId);
    QCOMPARE((*got)->condition, wanted.condition);

    // The name is ours, and the type is always said; else it is what was recorded.
    Http::Request asked = transport.requests().constLast();
    QVERIFY(asked.url.path().endsWith(u'/' + wanted.name()));
    asked.url.setPath(asked.url.path().section(u'/', 0, -2) + u'/' + path.section(u'/', -1));
    if (!properties.contains(u"principalType"_s)) {
        QJsonObject typed = properties;
        typed[u"principalType"_s] = u"ServicePrincipal"_s;
        recorded.requestBody = QJsonDocument(QJsonObject{{u"properties"_s, typed}}).toJson();
    }
    QCOMPARE(Test::difference(asked, recorded, version), QString());
}

void NewAssignmentTest::understandsRecordedRefusals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("code");
    QTest::newRow("exists") << u"err-409-roleassignmentexists.json"_s << Error::Kind::Conflict
                            << u"RoleAssignmentExists"_s;
    QTest::newRow("exists, with its ID") << u"err-409-roleassignmentexists-with-id.json"_s
                                         << Error::Kind::Conflict << u"RoleAssignmentExists"_s;
    QTest::newRow("not there, or not yet") << u"err-400-principalnotfound.json"_s
                                           << Error::Kind::InvalidInput << u"PrincipalNotFound"_s;
    QTest::newRow("may not") << u"err-403-authorizationfailed-resourcegroup.json"_s
                             << Error::Kind::Forbidden << u"AuthorizationFailed"_s;
    QTest::newRow("too often") << u"err-429-resourcerequeststhrottled.json"_s
                               << Error::Kind::Throttled << u"ResourceRequestsThrottled"_s;
    QTest::newRow("no such role") << u"err-404-roledefinition-does-not-exist.json"_s
                                  << Error::Kind::NotFound << u"RoleDefinitionDoesNotExist"_s;
}

void NewAssignmentTest::understandsRecordedRefusals()
{
    QFETCH(QString, file);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, code);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    Test::FakeTransport transport;
    transport.reply(Test::recording(u"arm"_s, file).constLast().response);
    Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<Azure::RoleAssignment>> got;
    client.createAssignment({Core::Secret("t"), {}, {}}, {}, &context,
                            [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(!*got);
    QCOMPARE(got->error().kind, kind);
    QCOMPARE(got->error().code, code);
}

// The principal is not there yet, and then it is: each time the same is asked, under the same name.
void NewAssignmentTest::waitsForThePrincipalAsRecorded()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto exchanges =
        Test::recording(u"arm"_s, u"flow-roleassignment-principalnotfound-then-created.json"_s);
    QSet<QString> asked;
    for (const Test::Exchange &exchange : exchanges) {
        const QJsonObject properties =
            QJsonDocument::fromJson(exchange.requestBody).object()[u"properties"].toObject();
        const QString path = exchange.url.path();
        NewAssignment wanted;
        wanted.scope =
            *Scope::parse(path.left(path.indexOf(u"/providers/Microsoft.Authorization/")));
        wanted.roleDefinitionId = properties[u"roleDefinitionId"].toString().section(u'/', -1);
        wanted.principalId = properties[u"principalId"].toString();
        Test::FakeTransport transport;
        transport.reply(exchange.response);
        Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
        QObject context;
        std::optional<Result<Azure::RoleAssignment>> got;
        client.createAssignment({Core::Secret("t"), {}, {}}, wanted, &context,
                                [&](const auto &result) { got = result; });
        QTRY_VERIFY(got);
        QCOMPARE(got->has_value(), exchange.response.isSuccess());
        if (!*got) {
            QCOMPARE(got->error().kind, Error::Kind::InvalidInput);
            QCOMPARE(got->error().code, u"PrincipalNotFound"_s);
        }
        asked.insert(transport.requests().constLast().url.toString());
    }
    QCOMPARE(asked.size(), 1);
}

// What is most alike: one digit of one of the GUIDs, or one letter of the scope.
void NewAssignmentTest::namesDifferByOneDigit()
{
    QRandomGenerator dice(11);
    for (int i = 0; i < 500; ++i) {
        const NewAssignment one = random(dice);
        const auto changed = [&](QString text) {
            for (;;) {
                const qsizetype at = dice.bounded(static_cast<int>(text.size()));
                if (text[at] == u'/' || text[at] == u'-')
                    continue;
                text[at] = text[at] == u'a' ? u'b' : u'a';
                return text;
            }
        };
        NewAssignment role = one, principal = one, scope = one;
        role.roleDefinitionId = changed(one.roleDefinitionId);
        principal.principalId = changed(one.principalId);
        QSet<QString> names{one.name(), role.name(), principal.name()};
        qsizetype wanted = 3;
        if (one.scope.id() != u"/") {
            scope.scope = *Scope::parse(changed(one.scope.id()));
            names.insert(scope.name());
            wanted += scope.scope == one.scope ? 0 : 1;
        }
        wanted -=
            role.roleDefinitionId.compare(one.roleDefinitionId, Qt::CaseInsensitive) == 0 ? 1 : 0;
        wanted -= principal.principalId.compare(one.principalId, Qt::CaseInsensitive) == 0 ? 1 : 0;
        QCOMPARE(names.size(), wanted);
    }
}

void NewAssignmentTest::deletesAsRecorded()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const Test::Exchange recorded =
        Test::recording(u"arm"_s, u"flow-roleassignment-create-list-delete.json"_s).at(2);
    Test::FakeTransport transport;
    transport.reply(recorded.response);
    Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<void>> got;
    client.deleteAssignment({Core::Secret("t"), {}, {}}, recorded.url.path(), &context,
                            [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(*got);
    QCOMPARE(Test::difference(transport.requests().constLast(), recorded), QString());
}

void NewAssignmentTest::deletesNothingElse_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("nothing") << QString();
    QTest::newRow("a resource group") << u"/subscriptions/S/resourceGroups/rg"_s;
    QTest::newRow("all assignments")
        << u"/subscriptions/S/providers/Microsoft.Authorization/roleAssignments"_s;
    QTest::newRow("a query behind it")
        << u"/providers/Microsoft.Authorization/roleAssignments/88888888-0000-0000-0000-000000000001?x=y"_s;
    QTest::newRow("a definition")
        << u"/providers/Microsoft.Authorization/roleDefinitions/88888888-0000-0000-0000-000000000001"_s;
    QTest::newRow("a path upwards")
        << u"/providers/Microsoft.Authorization/roleAssignments/../../../../resourceGroups/rg-of-36-letters"_s;
}

void NewAssignmentTest::deletesNothingElse()
{
    QFETCH(QString, id);
    Test::FakeTransport transport;
    Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<void>> got;
    client.deleteAssignment({Core::Secret("t"), {}, {}}, id, &context,
                            [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(!*got);
    QCOMPARE(got->error().kind, Error::Kind::InvalidInput);
    QCOMPARE(transport.requests().size(), 0);
}

void NewAssignmentTest::findsWhatNamesThePrincipal()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const Test::Exchange recorded =
        Test::recording(u"arm"_s, u"flow-roleassignment-create-list-delete.json"_s).at(1);
    Test::FakeTransport transport;
    transport.reply(recorded.response);
    Azure::ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<QList<Azure::RoleAssignment>>> got;
    client.assignmentsOf({Core::Secret("t"), {}, {}},
                         *Scope::parse(u"/subscriptions/00000000-0000-0000-0000-000000000000"_s),
                         u"0207ee96-75b6-43d8-af87-f8718fde0acc"_s, &context,
                         [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(*got);
    QCOMPARE((*got)->size(), 1);
    QCOMPARE(Test::difference(transport.requests().constLast(), recorded), QString());
}

void NewAssignmentTest::writesAnAzCommandForTheShell()
{
    NewAssignment wanted{*Scope::parse(u"/subscriptions/S/resourceGroups/rg (old)"_s.remove(u' ')),
                         u"R"_s,
                         u"P"_s,
                         u"ServicePrincipal"_s,
                         u"@Resource[a:b] StringLike 'in/*'"_s,
                         u"$(rm -rf ~)"_s};
    QCOMPARE(
        Azure::azCommand(wanted, u"Reader and Data's"_s),
        u"az role assignment create --assignee-object-id P --assignee-principal-type "
        u"ServicePrincipal --role 'Reader and Data'\\''s' "
        "--scope '/subscriptions/S/resourceGroups/rg(old)' --condition-version 2.0 "
        "--condition '(@Resource[a:b] StringLike '\\''in/*'\\'')' --description '$(rm -rf ~)'"_s);
}

QTEST_GUILESS_MAIN(NewAssignmentTest)
#include "tst_newassignment.moc"
