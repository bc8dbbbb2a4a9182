#include "azure/pagedlist.h"

#include "azure/armclient.h"
#include "core/jsontext.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <memory>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

// Far more than any directory or subscription holds; an endless list must not fill the memory.
constexpr qsizetype maxPages = 10'000;
constexpr qsizetype maxItems = 1'000'000;

// Resource Manager writes its port into some links: “:443” is the same place as none.
bool sameOrigin(const QUrl &a, const QUrl &b)
{
    const int usual = b.scheme() == u"https" ? 443 : 80;
    return a.isValid() && a.scheme() == b.scheme() && a.host() == b.host() && a.port(usual) == b.port(usual)
        && a.userInfo().isEmpty();
}

// Each step sends one request, and the callback of the last one ends it.
class PagedList final : public std::enable_shared_from_this<PagedList>
{
public:
    PagedList(Http::Transport &transport, Http::Request request, ListStyle style, QObject *context,
              Core::Done<QJsonArray> done)
        : m_transport(transport)
        , m_request(std::move(request))
        , m_style(std::move(style))
        , m_context(context)
        , m_done(std::move(done))
    {
    }

    void next(const QUrl &url)
    {
        m_asked.insert(url.toEncoded());
        m_request.url = url;
        m_transport.send(m_request, m_context,
                         [self = shared_from_this()](const Result<Http::Response> &response) {
                             self->received(response);
                         });
    }

private:
    void received(const Result<Http::Response> &response)
    {
        if (!response)
            return m_done(response.error());
        if (!response->isSuccess())
            return m_done(armError(*response));
        const QJsonObject document = QJsonDocument::fromJson(Core::jsonText(response->body)).object();
        if (!document[u"value"].isArray())
            return m_done(bad(u"gave no readable list"_s, *response));
        const QJsonArray page = document[u"value"].toArray();
        for (const QJsonValue &one : page)
            m_items.append(one);

        const QString link = document[m_style.nextLink].toString();
        if (link.isEmpty())
            return m_done(m_items);
        const QUrl url = m_request.url.resolved(QUrl::fromEncoded(link.toUtf8()));
        if (!sameOrigin(url, m_request.url))
            return m_done(bad(u"points to another host for its next page"_s, *response));
        if (m_asked.contains(url.toEncoded()))
            return m_done(bad(u"repeats a page without an end"_s, *response));
        if (m_asked.size() >= maxPages || m_items.size() >= maxItems)
            return m_done(bad(u"gives a list without an end"_s, *response));
        next(url);
    }

    Error bad(const QString &what, const Http::Response &response) const
    {
        return {.kind = Error::Kind::BadResponse,
                .message = u"%1 (%2) %3."_s.arg(m_style.service, response.url.host(), what),
                .requestId = QString::fromLatin1(response.requestId()),
                .status = response.status};
    }

    Http::Transport &m_transport;
    Http::Request m_request;
    ListStyle m_style;
    QObject *m_context;
    Core::Done<QJsonArray> m_done;
    QJsonArray m_items;
    QSet<QByteArray> m_asked;
};

} // namespace

void readList(Http::Transport &transport, Http::Request request, const ListStyle &style,
              QObject *context, Core::Done<QJsonArray> done)
{
    const QUrl url = request.url;
    std::make_shared<PagedList>(transport, std::move(request), style, context, std::move(done))
        ->next(url);
}

} // namespace Azure
