#include "http/activitylog.h"

#include "core/commandtext.h"

#include <QUrlQuery>

namespace Http {

using namespace Qt::StringLiterals;

bool isSecretHeader(QByteArrayView name)
{
    for (const char *secret : {"authorization", "proxy-authorization", "cookie", "set-cookie",
                               "x-ms-copy-source-authorization", "x-ms-encryption-key", "x-identity-header"}) {
        if (name.compare(QByteArrayView(secret), Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

QUrl redacted(QUrl url)
{
    static const QStringList secret{u"sig"_s,          u"code"_s,      u"client_secret"_s,
                                    u"access_token"_s, u"password"_s,  u"refresh_token"_s,
                                    u"token"_s,        u"assertion"_s, u"client_assertion"_s};
    url.setUserInfo(QString());
    if (!url.hasQuery())
        return url;
    // By hand, so that the rest of the query stays as it was sent.
    QStringList parts = url.query(QUrl::FullyEncoded).split(u'&');
    for (QString &part : parts) {
        const QString name = part.section(u'=', 0, 0);
        if (secret.contains(name, Qt::CaseInsensitive))
            part = name + u"=REDACTED"_s;
    }
    url.setQuery(parts.join(u'&'), QUrl::StrictMode);
    return url;
}

QString Activity::curl() const
{
    Core::Command command{u"curl"};
    if (verb == "HEAD")
        command.flag(u"-I");
    else
        command.flag(u"-i").option(u"-X", QString::fromLatin1(verb));
    const QString address = url.toString(QUrl::FullyEncoded);
    // curl makes several requests of an address with brackets or braces.
    if (address.contains(u'[') || address.contains(u'{'))
        command.flag(u"-g");
    for (const auto &[name, value] : headers) // curl drops a header without a value, unless it ends in a semicolon
        command.option(u"-H", QString::fromUtf8(name) + (value.isEmpty() ? u";"_s : u": "_s + QString::fromUtf8(value)));
    if (authorized)
        command.verbatim(u"-H \"Authorization: Bearer $TOKEN\"");
    return command.argument(address).text();
}

ActivityLog::ActivityLog(int capacity, QObject *parent)
    : QObject(parent), m_capacity(static_cast<size_t>(std::max(1, capacity)))
{
}

void ActivityLog::add(Activity activity)
{
    activity.url = redacted(activity.url);
    activity.headers.removeIf([](const auto &one) { return isSecretHeader(one.first); });
    if (m_entries.size() >= m_capacity) {
        // A tenth at a time, so that a view does not lose a row with each one it gains.
        const size_t count = std::max<size_t>(1, m_capacity / 10);
        m_entries.erase(m_entries.begin(), m_entries.begin() + static_cast<std::ptrdiff_t>(count));
        emit dropped(static_cast<int>(count));
    }
    m_entries.push_back(std::move(activity));
    emit added(m_entries.back());
}

void ActivityLog::clear()
{
    m_entries.clear();
    emit cleared();
}

} // namespace Http
