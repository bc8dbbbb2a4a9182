#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

namespace Sandbox {

/// An object of the scenario file and where it stands. The first complaint is kept, with its place;
/// reading goes on harmlessly after it.
class Place
{
public:
    Place(QJsonObject object, QString where, QString *complaint);

    void complain(const QString &key, const QString &what) const;
    /// Names a key that is none of \a known, which is nearly always a slip of the pen. Keys that
    /// begin with $ are comments.
    void only(const QStringList &known) const;

    bool has(const QString &key) const { return m_object.contains(key); }
    const QJsonObject &object() const { return m_object; }

    QString text(const QString &key, const QString &otherwise = {}) const;
    QString needed(const QString &key) const; ///< a text that must be there
    QString guid(const QString &key) const;   ///< lower case
    bool flag(const QString &key) const;
    qint64 number(const QString &key, qint64 otherwise, qint64 least, qint64 most) const;
    QStringList strings(const QString &key) const;
    QMap<QString, QString> map(const QString &key) const;
    QList<Place> list(const QString &key) const;
    Place inner(const QString &key) const; ///< of an object that may be absent

private:
    QJsonArray array(const QString &key) const;

    QJsonObject m_object;
    QString m_where;
    QString *m_complaint;
};

} // namespace Sandbox
