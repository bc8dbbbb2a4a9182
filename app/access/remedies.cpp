#include "access/explanation.h"
#include "access/remedies.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

static void initResources()
{
    Q_INIT_RESOURCE(access);
}

namespace Access {

using namespace Qt::StringLiterals;

namespace {

// By "service/code" and by "code" alone, both in lower case; of a code that two services use the first one counts alone.
const QHash<QString, Remedy> &table()
{
    static const QHash<QString, Remedy> remedies = [] {
        initResources();
        QFile file(u":/rolescope/remedies.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("the remedies are missing from the program");
        QHash<QString, Remedy> all;
        const QJsonArray array = QJsonDocument::fromJson(file.readAll()).object()[u"remedies"].toArray();
        for (const QJsonValue &value : array) {
            const QJsonObject one = value.toObject();
            const Remedy remedy{one[u"code"].toString(),  one[u"service"].toString(),  one[u"meaning"].toString(),
                                one[u"cause"].toString(), one[u"nextStep"].toString(), one[u"transient"].toBool()};
            const QString code = remedy.code.toLower();
            all.insert(remedy.service + u'/' + code, remedy);
            if (!all.contains(code))
                all.insert(code, remedy);
        }
        return all;
    }();
    return remedies;
}

} // namespace

std::optional<Remedy> lookUp(const QString &code, const QString &service)
{
    QString key = code.trimmed().toLower();
    bool number = false;
    key.toLongLong(&number);
    if (number)
        key.prepend(u"aadsts"_s);
    auto found = table().constFind(service + u'/' + key);
    if (found == table().cend())
        found = table().constFind(key);
    return found == table().cend() ? std::nullopt : std::optional(*found);
}

std::optional<Remedy> remedyFor(const QString &code)
{
    return lookUp(code, {});
}

std::optional<Remedy> remedyFor(const Core::Error &error)
{
    // Two services use this word; Resource Manager's sentence begins so.
    const bool arm = error.code == u"ResourceNotFound" && error.message.startsWith(u"The Resource '");
    if (auto remedy = lookUp(error.code, arm ? u"arm"_s : QString())) {
        refineToken(*remedy, error.message);
        return remedy;
    }
    if (error.status < 300 && !error.code.startsWith(u"AADSTS"))
        return std::nullopt;
    return unknownCode(error.code, {}, error.status);
}

Core::Error withRemedy(Core::Error error)
{
    if (const auto remedy = remedyFor(error)) {
        if (error.nextStep.isEmpty())
            error.nextStep = remedy->nextStep;
        if (error.message.isEmpty())
            error.message = remedy->meaning;
    }
    return error;
}

QJsonObject toJson(const Remedy &remedy)
{
    return {{u"code"_s, remedy.code},   {u"service"_s, remedy.service},   {u"meaning"_s, remedy.meaning},
            {u"cause"_s, remedy.cause}, {u"nextStep"_s, remedy.nextStep}, {u"transient"_s, remedy.transient}};
}

} // namespace Access
