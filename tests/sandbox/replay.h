#pragma once

#include "sandbox/message.h"
#include "support/recordings.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

namespace Test {

/// The first place where \a ours has not the form of \a theirs: a member that is missing, or a
/// value of another type (null may stand for any). An empty string where the forms agree. Members
/// that only ours has are not looked at: the recordings are of several years.
inline QString difference(const QJsonValue &ours, const QJsonValue &theirs, const QString &where)
{
    if (ours.isNull() || theirs.isNull())
        return {};
    if (ours.type() != theirs.type())
        return where + QStringLiteral(": another type");
    if (ours.isArray()) {
        const QJsonArray mine = ours.toArray(), yours = theirs.toArray();
        if (mine.isEmpty() != yours.isEmpty())
            return where + QStringLiteral(": one is empty");
        return mine.isEmpty() ? QString()
                              : difference(mine[0], yours[0], where + QStringLiteral("[0]"));
    }
    const QJsonObject mine = ours.toObject(), yours = theirs.toObject();
    for (auto it = yours.begin(); it != yours.end(); ++it) {
        const QString at = where + u'.' + it.key();
        if (!mine.contains(it.key()))
            return at + QStringLiteral(": missing");
        if (const QString found = difference(mine.value(it.key()), it.value(), at);
            !found.isEmpty())
            return found;
    }
    return {};
}

/// Plays recorded requests against a server of ours: identifiers that the service made up are
/// replaced by those that ours made up in their place.
class Replay
{
public:
    void stands(const QString &theirs, const QString &ours) { m_ours.insert(theirs, ours); }

    QByteArray translated(QByteArray text) const
    {
        for (auto it = m_ours.begin(); it != m_ours.end(); ++it)
            text.replace(it.key().toLatin1(), it.value().toLatin1());
        return text;
    }

    Sandbox::Incoming request(const Exchange &exchange) const
    {
        return {exchange.verb,
                translated(exchange.url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority)),
                {{"Content-Type", "application/json"}},
                translated(exchange.requestBody)};
    }

    /// Learns which identifier of ours stands for which of theirs.
    void learn(const QJsonValue &theirs, const QJsonValue &ours)
    {
        static const QRegularExpression guid(
            QStringLiteral("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
        if (theirs.isString() && guid.match(theirs.toString()).hasMatch())
            stands(theirs.toString(), ours.toString());
        for (const QString &key : theirs.toObject().keys()) {
            // Some names are none of this form.
            const QString id = key == u"id" ? theirs[key].toString() : QString();
            if (!id.isEmpty() && !id.contains(u'/') && !guid.match(id).hasMatch())
                stands(id, ours[key].toString());
            learn(theirs[key], ours[key]);
        }
        for (qsizetype at = 0; at < theirs.toArray().size(); ++at)
            learn(theirs[at], ours[at]);
    }

    /// Headers that the recording has and \a answer lacks, but for those that belong to the way.
    static QStringList missingHeaders(const Exchange &exchange, const Sandbox::Answer &answer)
    {
        static const QSet<QByteArray> passing{
            "content-length", "transfer-encoding", "connection", "set-cookie", "server",
            "date",           "content-encoding"};
        QStringList missing;
        for (const auto &[name, value] : exchange.response.headers) {
            if (!passing.contains(name.toLower()) && answer.header(name).isEmpty())
                missing.append(QString::fromLatin1(name));
        }
        return missing;
    }

private:
    QHash<QString, QString> m_ours;
};

} // namespace Test
