#include "core/storedjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonParseError>
#include <cmath>
#include <optional>
#include <vector>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

QString shown(const QString &name)
{
    return u"“%1”"_s.arg(name.left(200));
}

QString unescaped(const QByteArray &json, qsizetype begin, qsizetype end)
{
    const QByteArray text = json.mid(begin, end - begin);
    if (!text.contains('\\'))
        return QString::fromUtf8(text);
    return QJsonDocument::fromJson("[\"" + text + "\"]")[0].toString();
}

// QJsonDocument keeps one of two members of the same name, and does not say which. \a json is well-formed.
std::optional<QString> repeatedName(const QByteArray &json)
{
    struct Level
    {
        bool isObject = false;
        bool nameNext = false;
        QSet<QString> names{};
    };
    std::vector<Level> levels;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '{' || c == '[') {
            levels.push_back({c == '{', c == '{'});
        } else if (c == '}' || c == ']') {
            if (!levels.empty())
                levels.pop_back();
        } else if (c == ',' && !levels.empty()) {
            levels.back().nameNext = levels.back().isObject;
        } else if (c == '"') {
            const qsizetype begin = ++i;
            while (i < json.size() && json[i] != '"')
                i += json[i] == '\\' ? 2 : 1;
            if (levels.empty() || !levels.back().nameNext)
                continue;
            levels.back().nameNext = false;
            const QString name = unescaped(json, begin, i);
            if (levels.back().names.contains(name))
                return name;
            levels.back().names.insert(name);
        }
    }
    return std::nullopt;
}

} // namespace

StoredJson::StoredJson(QJsonObject object, QString path, std::shared_ptr<QString> problem)
    : m_object(std::move(object)), m_path(std::move(path)), m_problem(std::move(problem))
{
}

StoredJson StoredJson::parse(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    StoredJson stored(document.object(), {}, std::make_shared<QString>());
    if (json.isEmpty())
        *stored.m_problem = u"is damaged: it is empty"_s;
    else if (error.error != QJsonParseError::NoError)
        *stored.m_problem = u"is damaged: it is no JSON (%1 at byte %2)"_s.arg(error.errorString()).arg(error.offset);
    else if (!document.isObject())
        *stored.m_problem = u"is damaged: it holds no JSON object"_s;
    else if (const auto name = repeatedName(json))
        stored.fail(*name, u"is there twice in one object"_s);
    return stored;
}

QString StoredJson::pathOf(const QString &name) const
{
    return m_path.isEmpty() ? name : m_path + u'.' + name;
}

void StoredJson::fail(const QString &member, const QString &what)
{
    if (m_problem->isEmpty())
        *m_problem = u"is damaged: %1 %2"_s.arg(shown(pathOf(member)), what);
}

QJsonValue StoredJson::member(const QString &name, QJsonValue::Type type, const QString &needed)
{
    m_asked.insert(name);
    const QJsonValue value = m_object.value(name);
    if (value.isUndefined() || value.type() == type)
        return value;
    fail(name, u"must be %1"_s.arg(needed));
    return QJsonValue::Undefined;
}

void StoredJson::version(const QString &name, int known)
{
    m_asked.insert(name);
    const QJsonValue value = m_object.value(name);
    if (value.isDouble() && value.toDouble() == known)
        return;
    if (!m_problem->isEmpty())
        return;
    if (value.isDouble() && value.toDouble() > known)
        *m_problem = u"was written by a newer Rolescope: its %1 is %2, and this one reads %3"_s.arg(
            shown(name), QString::number(value.toDouble()), QString::number(known));
    else
        fail(name, value.isUndefined() ? u"is missing"_s : u"must be the number %1"_s.arg(known));
}

QString StoredJson::text(const QString &name, const QString &absent)
{
    return member(name, QJsonValue::String, u"a text"_s).toString(absent);
}

QString StoredJson::neededText(const QString &name)
{
    const QString value = text(name);
    if (!m_object.contains(name))
        fail(name, u"is missing"_s);
    else if (value.isEmpty())
        fail(name, u"must not be empty"_s);
    return value;
}

QDateTime StoredJson::time(const QString &name)
{
    const QString value = text(name);
    const QDateTime time = QDateTime::fromString(value, Qt::ISODate);
    if (!value.isEmpty() && !time.isValid())
        fail(name, u"must be a time, such as 2027-01-31T12:00:00Z"_s);
    return time;
}

int StoredJson::number(const QString &name, int least, int most, int absent)
{
    const QJsonValue value = member(name, QJsonValue::Double, u"a number"_s);
    if (value.isUndefined())
        return absent;
    const double number = value.toDouble();
    if (number >= least && number <= most && number == std::floor(number))
        return static_cast<int>(number);
    fail(name, u"must be a whole number from %1 to %2"_s.arg(least).arg(most));
    return absent;
}

bool StoredJson::flag(const QString &name, bool absent)
{
    return member(name, QJsonValue::Bool, u"true or false"_s).toBool(absent);
}

QStringList StoredJson::texts(const QString &name)
{
    QStringList all;
    const QJsonArray array = member(name, QJsonValue::Array, u"a list"_s).toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!array[i].isString())
            fail(u"%1[%2]"_s.arg(name).arg(i), u"must be a text"_s);
        all.append(array[i].toString());
    }
    return all;
}

StoredJson StoredJson::object(const QString &name)
{
    return {member(name, QJsonValue::Object, u"an object"_s).toObject(), pathOf(name), m_problem};
}

QList<StoredJson> StoredJson::objects(const QString &name)
{
    QList<StoredJson> all;
    const QJsonArray array = member(name, QJsonValue::Array, u"a list"_s).toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString place = u"%1[%2]"_s.arg(name).arg(i);
        if (!array[i].isObject())
            fail(place, u"must be an object"_s);
        all.append(StoredJson(array[i].toObject(), pathOf(place), m_problem));
    }
    return all;
}

QList<StoredJson> StoredJson::neededObjects(const QString &name)
{
    if (!m_object.contains(name))
        fail(name, u"is missing"_s);
    return objects(name);
}

QJsonObject StoredJson::unknown() const
{
    QJsonObject rest = m_object;
    for (const QString &name : m_asked)
        rest.remove(name);
    return rest;
}

QJsonObject withUnknown(QJsonObject unknown, const QJsonObject &known)
{
    for (auto it = known.begin(); it != known.end(); ++it)
        unknown[it.key()] = it.value();
    return unknown;
}

} // namespace Core
