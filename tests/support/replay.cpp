#include "support/replay.h"

#include <QJsonDocument>
#include <QUrlQuery>

namespace Test {

using namespace Qt::StringLiterals;

namespace {

QList<std::pair<QString, QString>> queryOf(const QUrl &url, bool version)
{
    QList<std::pair<QString, QString>> items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    if (!version)
        items.removeIf([](const auto &item) { return item.first == u"api-version"; });
    std::sort(items.begin(), items.end());
    return items;
}

} // namespace

QString difference(const Http::Request &asked, const Exchange &recorded, bool version)
{
    if (asked.verb != recorded.verb)
        return u"verb %1"_s.arg(QString::fromLatin1(asked.verb));
    if (asked.url.host() != recorded.url.host() ||
        asked.url.path().compare(recorded.url.path(), Qt::CaseInsensitive) != 0)
        return u"URL %1 instead of %2"_s.arg(asked.url.toString(), recorded.url.toString());
    if (queryOf(asked.url, version) != queryOf(recorded.url, version))
        return u"query %1 instead of %2"_s.arg(asked.url.query(), recorded.url.query());
    const QJsonDocument body = QJsonDocument::fromJson(asked.body);
    const QJsonDocument wanted = QJsonDocument::fromJson(recorded.requestBody);
    if (body != wanted)
        return u"body %1 instead of %2"_s.arg(QString::fromUtf8(asked.body),
                                              QString::fromUtf8(recorded.requestBody));
    if (!wanted.isNull() &&
        !Http::header(asked.headers, "Content-Type").startsWith("application/json"))
        return u"Content-Type %1"_s.arg(
            QString::fromLatin1(Http::header(asked.headers, "Content-Type")));
    return {};
}

} // namespace Test
