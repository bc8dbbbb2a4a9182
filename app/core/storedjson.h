#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QStringList>
#include <memory>

namespace Core {

/// A JSON object from a file that this program keeps, read strictly. An absent member yields a default; a member of the wrong
/// type, null included, is a problem. The first problem is remembered with its path, e.g. "principals[2].cloud"; what is read
/// after it does not matter. Objects from objects() share the problem with the one they came from.
class StoredJson
{
public:
    /// Text that is no JSON object, or has a member twice in one object, is a problem.
    static StoredJson parse(const QByteArray &json);

    /// Empty, or what is wrong, to be read after the file's name: "is damaged: “id” is missing".
    QString problem() const { return *m_problem; }
    bool isGood() const { return m_problem->isEmpty(); }
    /// Remembers that \a member \a what, unless there is a problem already.
    void fail(const QString &member, const QString &what);

    /// A problem unless \a name is exactly \a known.
    void version(const QString &name, int known);
    QString text(const QString &name, const QString &absent = {});
    QString neededText(const QString &name); ///< must be there, and not be empty
    /// ISO 8601; an absent or empty text is an invalid time.
    QDateTime time(const QString &name);
    int number(const QString &name, int least, int most, int absent); ///< a whole number
    bool flag(const QString &name, bool absent);
    QStringList texts(const QString &name);
    StoredJson object(const QString &name); ///< an empty one where it is absent
    QList<StoredJson> objects(const QString &name);
    QList<StoredJson> neededObjects(const QString &name); ///< must be there

    const QJsonObject &all() const { return m_object; }
    /// The members that nobody has asked for: what this version does not know.
    QJsonObject unknown() const;

private:
    StoredJson(QJsonObject object, QString path, std::shared_ptr<QString> problem);
    QJsonValue member(const QString &name, QJsonValue::Type type, const QString &needed);
    QString pathOf(const QString &name) const;

    QJsonObject m_object;
    QString m_path;
    QSet<QString> m_asked;
    std::shared_ptr<QString> m_problem;
};

/// \a known over \a unknown.
QJsonObject withUnknown(QJsonObject unknown, const QJsonObject &known);

} // namespace Core
