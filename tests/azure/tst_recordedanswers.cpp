#include "azure/armclient.h"
#include "azure/graphclient.h"
#include "azure/pagedlist.h"
#include "support/faketransport.h"
#include "support/recordings.h"
#include "support/replay.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Azure::ArmClient;
using Core::Error;
using Core::Result;

/// What Resource Manager and Graph answered, as it was recorded and in other forms that they may
/// take: other recordings than these must be understood as well.
class RecordedAnswersTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void listsAsRecorded_data();
    void listsAsRecorded();
    void followsTheRecordedNextLink();
    void readsEveryGraphAnswer_data();
    void readsEveryGraphAnswer();
    void knowsWhatIsNeededAndNoMore_data();
    void knowsWhatIsNeededAndNoMore();
    void findsTheRequestId_data();
    void findsTheRequestId();
    void readsErrorsInOtherForms_data();
    void readsErrorsInOtherForms();
};

namespace {

using Count = Core::Done<qsizetype>;
using Ask = std::function<void(ArmClient &, const QString &, QObject *, Count)>;
using Parse = std::function<Result<void>(const QJsonObject &)>;

template<typename T>
Core::Done<QList<T>> counting(Count done)
{
    return [done = std::move(done)](const Result<QList<T>> &list) {
        list ? done(list->size()) : done(list.error());
    };
}

template<auto parse>
Result<void> by(const QJsonObject &object)
{
    const auto parsed = parse(object);
    return parsed ? Result<void>() : parsed.error();
}

const Identity::AccessToken s_token{Core::Secret("t"), {}, {}};

QJsonArray objectsOf(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    if (object[u"value"].isArray())
        return object[u"value"].toArray();
    return object.isEmpty() ? QJsonArray() : QJsonArray{object};
}

// The same with members that nobody has heard of, at each level.
QJsonValue withMore(const QJsonValue &value)
{
    if (value.isArray()) {
        QJsonArray all;
        for (const QJsonValue &one : value.toArray())
            all.append(withMore(one));
        return all;
    }
    if (!value.isObject())
        return value;
    QJsonObject object;
    for (const QString &key : value.toObject().keys())
        object[key] = withMore(value[key]);
    object[u"@odata.etag"_s] = u"W/\"1\""_s;
    object[u"added in 2031"_s] = QJsonObject{{u"ü🔑"_s, QJsonArray{1, QJsonValue(), true}}};
    return object;
}

struct Kind
{
    QString name;
    Parse parse;
};

const QList<std::pair<QString, Kind>> &graphKinds()
{
    static const QList<std::pair<QString, Kind>> kinds{
        {u"#applications"_s, {u"application"_s, by<Azure::applicationFromJson>}},
        {u"#servicePrincipals"_s, {u"service principal"_s, by<Azure::directoryPrincipalFromJson>}},
        {u"federatedIdentityCredentials"_s,
         {u"federated credential"_s, by<Azure::federatedCredentialFromJson>}},
        {u"passwordCredential"_s, {u"secret"_s, by<Azure::passwordCredentialFromJson>}}};
    return kinds;
}

const Kind *kindOf(const QByteArray &body)
{
    const QString context = QJsonDocument::fromJson(body)[u"@odata.context"].toString();
    for (auto it = graphKinds().crbegin(); it != graphKinds().crend(); ++it) {
        if (context.contains(it->first, Qt::CaseInsensitive))
            return &it->second;
    }
    return nullptr;
}

} // namespace

void RecordedAnswersTest::init()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
}

void RecordedAnswersTest::listsAsRecorded_data()
{
    QTest::addColumn<Ask>("ask");
    const auto row = [](const char *file, const Ask &ask) { QTest::addRow("%s", file) << ask; };
    const auto scope = [](const QString &path) {
        return *Azure::Scope::parse(
            path.left(path.indexOf(u"/providers/Microsoft.Authorization/"_s)));
    };
    const auto accounts = [](ArmClient &arm, const QString &path, QObject *context,
                             const Count &done) {
        arm.storageAccounts(s_token, path.section(u'/', 2, 2), context,
                            counting<Azure::StorageAccount>(done));
    };
    row("subscriptions-list",
        [](ArmClient &arm, const QString &, QObject *context, const Count &done) {
            arm.subscriptions(s_token, context, counting<ArmClient::Subscription>(done));
        });
    row("storageaccounts-list-subscription", accounts);
    row("storageaccounts-list-sp-2018", accounts);
    row("roleassignments-list-subscription",
        [scope](ArmClient &arm, const QString &path, QObject *context, const Count &done) {
            arm.roleAssignments(s_token, scope(path), {}, context,
                                counting<Azure::RoleAssignment>(done));
        });
    row("roledefinitions-full-list-2023", [scope](ArmClient &arm, const QString &path,
                                                  QObject *context, const Count &done) {
        arm.roleDefinitions(s_token, scope(path), context, counting<Azure::RoleDefinition>(done));
    });
    row("permissions-resource-group",
        [scope](ArmClient &arm, const QString &path, QObject *context, const Count &done) {
            arm.permissions(s_token, scope(path), context, counting<Azure::Permission>(done));
        });
    row("denyassignments-list-official-example", [scope](ArmClient &arm, const QString &path,
                                                         QObject *context, const Count &done) {
        arm.denyAssignments(s_token, scope(path), context, counting<Azure::DenyAssignment>(done));
    });
}

// The request must be the recorded one, but for the version of the API, and the whole answer read;
// as it was, and with what a later version may add.
void RecordedAnswersTest::listsAsRecorded()
{
    QFETCH(Ask, ask);
    const auto recorded =
        Test::recording(u"arm"_s, QString::fromLatin1(QTest::currentDataTag()) + u".json"_s)
            .constFirst();
    const qsizetype expected = objectsOf(recorded.response.body).size();
    QVERIFY(expected > 0);
    for (const bool later : {false, true}) {
        Http::Response response = recorded.response;
        if (later)
            response.body =
                QJsonDocument(withMore(QJsonDocument::fromJson(response.body).object()).toObject())
                    .toJson();
        Test::FakeTransport transport;
        transport.reply(response);
        ArmClient arm(transport, Identity::Cloud::azurePublic());
        QObject context;
        std::optional<Result<qsizetype>> count;
        ask(arm, recorded.url.path(), &context, [&](const auto &got) { count = got; });
        QTRY_VERIFY(count);
        QVERIFY2(*count, *count ? "" : qPrintable(count->error().message));
        QCOMPARE(**count, expected);
        QCOMPARE(transport.requests().size(), 1);
        QCOMPARE(Test::difference(transport.requests().constFirst(), recorded, false), QString());
        QVERIFY(!transport.requests().constFirst().bearer.isEmpty());
    }
}

// Its $skiptoken is longer than a line, and what it escapes must come back as it was.
void RecordedAnswersTest::followsTheRecordedNextLink()
{
    const auto recorded =
        Test::recording(u"arm"_s, u"resourcegroups-list-top2-nextlink.json"_s).constFirst();
    Test::FakeTransport transport;
    transport.reply(recorded.response);
    transport.reply(200, R"({"value": [{}]})");
    QObject context;
    std::optional<Result<QJsonArray>> got;
    Http::Request request;
    request.url = recorded.url;
    Azure::readList(transport, request, {u"Resource Manager"_s, u"nextLink"_s}, &context,
                    [&](const auto &list) { got = list; });
    QTRY_VERIFY(got);
    QVERIFY(*got);
    QCOMPARE((*got)->size(), 3);
    // But for the letters of an escape: %3d is %3D.
    QCOMPARE(transport.requests().constLast().url.toEncoded().replace("%3D", "%3d"),
             QJsonDocument::fromJson(recorded.response.body)[u"nextLink"].toString().toUtf8());
}

void RecordedAnswersTest::readsEveryGraphAnswer_data()
{
    QTest::addColumn<int>("step");
    for (const QString &file : Test::recordingNames(u"graph"_s)) {
        const auto exchanges = Test::recording(u"graph"_s, file);
        for (int step = 0; step < exchanges.size(); ++step) {
            if (kindOf(exchanges[step].response.body))
                QTest::addRow("%s %d", qPrintable(file), step) << step;
        }
    }
}

void RecordedAnswersTest::readsEveryGraphAnswer()
{
    QFETCH(int, step);
    const QString file = QString::fromLatin1(QTest::currentDataTag()).section(u' ', 0, 0);
    const QByteArray body = Test::recording(u"graph"_s, file).at(step).response.body;
    const Kind *kind = kindOf(body);
    for (const QJsonValue &one : objectsOf(body)) {
        for (const QJsonValue &form : {one, withMore(one)}) {
            const Result<void> read = kind->parse(form.toObject());
            QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        }
    }
}

void RecordedAnswersTest::knowsWhatIsNeededAndNoMore_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("step");
    QTest::addColumn<Parse>("parse");
    QTest::addColumn<QStringList>("needed");
    const auto row = [](const char *name, const char *group, const char *file, int step,
                        const Parse &parse, const QStringList &needed) {
        QTest::addRow("%s", name) << QString::fromLatin1(group)
                                  << QString::fromLatin1(file) + u".json"_s << step << parse
                                  << needed;
    };
    row("application", "graph", "flow-create-app-secret-and-service-principal", 2,
        graphKinds()[0].second.parse, {u"id"_s, u"appId"_s});
    row("service principal", "graph", "flow-create-app-secret-and-service-principal", 4,
        graphKinds()[1].second.parse, {u"id"_s});
    row("federated credential", "graph", "flow-app-federated-credentials", 0,
        graphKinds()[2].second.parse, {u"id"_s});
    row("secret", "graph", "flow-create-app-secret-and-service-principal", 3,
        graphKinds()[3].second.parse, {u"keyId"_s});
    row("role assignment", "arm", "roleassignment-with-condition", 0,
        by<Azure::roleAssignmentFromJson>, {u"roleDefinitionId"_s, u"principalId"_s, u"scope"_s});
    row("role definition", "arm", "roledefinition-get-by-id", 0, by<Azure::roleDefinitionFromJson>,
        {u"permissions"_s});
    row("deny assignment", "arm", "denyassignments-list-official-example", 0,
        by<Azure::denyAssignmentFromJson>, {u"permissions"_s, u"principals"_s, u"scope"_s});
    row("storage account", "arm", "storageaccount-get-hns", 0, by<Azure::storageAccountFromJson>,
        {u"id"_s});
}

// Each member in turn is left out, and null: only without what it is about is an answer refused,
// and then the refusal says which it was.
void RecordedAnswersTest::knowsWhatIsNeededAndNoMore()
{
    QFETCH(QString, group);
    QFETCH(QString, file);
    QFETCH(int, step);
    QFETCH(Parse, parse);
    QFETCH(QStringList, needed);
    const QJsonObject whole =
        objectsOf(Test::recording(group, file).at(step).response.body).first().toObject();
    QVERIFY(parse(whole));
    const bool wrapped = whole[u"properties"].isObject();
    int tried = 0;
    const auto check = [&](const QJsonObject &changed, const QString &key, bool essential) {
        const Result<void> read = parse(changed);
        ++tried;
        if (essential)
            return !read && read.error().message.contains(key) &&
                   read.error().kind == Error::Kind::BadResponse;
        return read.has_value();
    };
    for (const QString &key : whole.keys()) {
        if (key == u"properties")
            continue;
        for (const bool null : {false, true}) {
            QJsonObject changed = whole;
            null ? void(changed[key] = QJsonValue()) : changed.remove(key);
            // The ID of a role assignment or definition says what other members say too.
            QVERIFY2(check(changed, key,
                           !wrapped ? needed.contains(key) : key == u"id" && needed.contains(key)),
                     qPrintable(key));
        }
    }
    for (const QString &key : whole[u"properties"].toObject().keys()) {
        for (const bool null : {false, true}) {
            QJsonObject changed = whole, properties = whole[u"properties"].toObject();
            null ? void(properties[key] = QJsonValue()) : properties.remove(key);
            changed[u"properties"_s] = properties;
            // A scope can be told by the ID as well.
            const bool essential =
                needed.contains(key) &&
                !(key == u"scope" && Azure::Scope::parse(whole[u"id"].toString()));
            QVERIFY2(check(changed, key, essential), qPrintable(key));
        }
    }
    QVERIFY(tried > 4);
}

void RecordedAnswersTest::findsTheRequestId_data()
{
    QTest::addColumn<Http::Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("Resource Manager")
        << Http::Headers{{"x-ms-request-id", "ID"}} << QByteArray("{}");
    QTest::newRow("in other letters")
        << Http::Headers{{"X-Ms-Request-Id", "ID"}} << QByteArray("{}");
    QTest::newRow("Graph") << Http::Headers{{"Request-Id", "ID"}, {"client-request-id", "x"}}
                           << QByteArray("{}");
    QTest::newRow("correlation only")
        << Http::Headers{{"x-ms-correlation-request-id", "ID"}} << QByteArray("{}");
    QTest::newRow("in the body only")
        << Http::Headers{}
        << QByteArray(
               R"({"error":{"code":"c","message":"m","innerError":{"request-id":"ID","client-request-id":"x"}}})");
    QTest::newRow("in the body, as of old")
        << Http::Headers{}
        << QByteArray(R"({"error":{"code":"c","message":"m","innererror":{"requestId":"ID"}}})");
    QTest::newRow("in Azure AD Graph's words")
        << Http::Headers{} << QByteArray(R"({"odata.error":{"code":"c","requestId":"ID"}})");
}

void RecordedAnswersTest::findsTheRequestId()
{
    QFETCH(Http::Headers, headers);
    QFETCH(QByteArray, body);
    Http::Response response;
    response.status = 404;
    response.headers = headers;
    response.body = body;
    QCOMPARE(Azure::armError(response).requestId, u"ID"_s);
}

void RecordedAnswersTest::readsErrorsInOtherForms_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("a code nobody knows")
        << QByteArray(R"({"error":{"code":"TooMuchSnow","message":"It snows."}})")
        << u"TooMuchSnow"_s << u"It snows."_s;
    QTest::newRow("in another order, with more")
        << QByteArray(
               R"({"x":[],"error":{"target":"t","message":"m","additionalInfo":[{}],"code":"C"}})")
        << u"C"_s << u"m"_s;
    QTest::newRow("in another language")
        << QByteArray("{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"Der Client „ä🔑“ "
                      "hat keine Rechte\\u202e.\"}}")
        << u"AuthorizationFailed"_s << u"„ä🔑“ hat keine Rechte"_s;
    QTest::newRow("behind a byte order mark")
        << QByteArray("\xEF\xBB\xBF{\"error\":{\"code\":\"C\",\"message\":\"m\"}}") << u"C"_s
        << u"m"_s;
    QTest::newRow("as text of old")
        << QByteArray(R"({"error":"invalid_token","error_description":"expired"})")
        << u"invalid_token"_s << u"expired"_s;
    QTest::newRow("bare") << QByteArray(R"({"code":"C","message":"m"})") << u"C"_s << u"m"_s;
    QTest::newRow("null") << QByteArray(R"({"error":{"code":null,"message":null}})") << QString()
                          << u"HTTP 403"_s;
    QTest::newRow("nothing") << QByteArray() << QString() << u"HTTP 403"_s;
}

void RecordedAnswersTest::readsErrorsInOtherForms()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, says);
    Http::Response response;
    response.status = 403;
    response.body = body;
    response.url = QUrl(u"https://management.azure.com/x"_s);
    const Error error = Azure::armError(response);
    QCOMPARE(error.kind, Error::Kind::Forbidden);
    QCOMPARE(error.code, code);
    QVERIFY2(error.message.contains(says), qPrintable(error.message));
    QVERIFY(!error.message.contains(QChar(0x202e)));
}

QTEST_GUILESS_MAIN(RecordedAnswersTest)
#include "tst_recordedanswers.moc"
