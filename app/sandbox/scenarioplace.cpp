#include "sandbox/scenarioplace.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

Place::Place(QJsonObject object, QString where, QString *complaint)
    : m_object(std::move(object))
    , m_where(std::move(where))
    , m_complaint(complaint)
{
}

void Place::complain(const QString &key, const QString &what) const
{
    if (m_complaint->isEmpty())
        *m_complaint = (m_where.isEmpty() ? key : m_where + u'.' + key) + u": "_s + what;
}

void Place::only(const QStringList &known) const
{
    for (const QString &key : m_object.keys()) {
        if (!known.contains(key) && !key.startsWith(u'$'))
            complain(key, u"this key is not known; known are "_s + known.join(u", "_s));
    }
}

QString Place::text(const QString &key, const QString &otherwise) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isUndefined() && !value.isString())
        complain(key, u"a string is needed"_s);
    return value.toString(otherwise);
}

QString Place::needed(const QString &key) const
{
    if (!has(key))
        complain(key, u"this is missing"_s);
    const QString value = text(key);
    if (value.isEmpty())
        complain(key, u"this must not be empty"_s);
    return value;
}

QString Place::guid(const QString &key) const
{
    static const QRegularExpression form(u"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"_s);
    const QString value = needed(key);
    if (!form.match(value).hasMatch())
        complain(key, u"a GUID is needed, e.g. 11111111-2222-3333-4444-555555555555"_s);
    return value.toLower();
}

bool Place::flag(const QString &key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isUndefined() && !value.isBool())
        complain(key, u"true or false is needed"_s);
    return value.toBool();
}

qint64 Place::number(const QString &key, qint64 otherwise, qint64 least, qint64 most) const
{
    const QJsonValue value = m_object.value(key);
    if (value.isUndefined())
        return otherwise;
    const double number = value.toDouble(double(least) - 1);
    if (number >= double(least) && number <= double(most))
        return qint64(number);
    complain(key, u"a number from %1 to %2 is needed"_s.arg(least).arg(most));
    return otherwise;
}

QStringList Place::strings(const QString &key) const
{
    QStringList list;
    for (const QJsonValue &value : array(key)) {
        if (!value.isString())
            complain(key, u"strings are needed"_s);
        list.append(value.toString());
    }
    return list;
}

QMap<QString, QString> Place::map(const QString &key) const
{
    QMap<QString, QString> values;
    const QJsonValue value = m_object.value(key);
    const QJsonObject object = value.toObject();
    bool texts = value.isUndefined() || value.isObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        texts = texts && it.value().isString();
        values.insert(it.key(), it.value().toString());
    }
    if (!texts)
        complain(key, u"an object of strings is needed"_s);
    return values;
}

QList<Place> Place::list(const QString &key) const
{
    QList<Place> places;
    for (const QJsonValue &value : array(key)) {
        const QString where = u"%1%2[%3]"_s.arg(m_where.isEmpty() ? QString() : m_where + u'.', key,
                                                QString::number(places.size()));
        if (!value.isObject() && m_complaint->isEmpty())
            *m_complaint = where + u": an object is needed"_s;
        places.append(Place(value.toObject(), where, m_complaint));
    }
    return places;
}

Place Place::inner(const QString &key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isUndefined() && !value.isObject())
        complain(key, u"an object is needed"_s);
    return Place(value.toObject(), m_where.isEmpty() ? key : m_where + u'.' + key, m_complaint);
}

QJsonArray Place::array(const QString &key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isUndefined() && !value.isArray())
        complain(key, u"a list is needed"_s);
    return value.toArray();
}

} // namespace Sandbox
