#include "support/faketransport.h"

#include "core/deliver.h"

namespace Test {

using namespace Qt::StringLiterals;

void FakeTransport::send(Http::Request request, QObject *context, Core::Done<Http::Response> done)
{
    m_requests.append(request);
    Waiting waiting{std::move(request), context, std::move(done)};
    if (m_held)
        m_waiting.push_back(std::move(waiting));
    else
        answer(waiting);
}

void FakeTransport::reply(int status, QByteArray body, Http::Headers headers)
{
    Http::Response response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    reply(std::move(response));
}

void FakeTransport::release()
{
    m_held = false;
    for (std::deque<Waiting> waiting = std::exchange(m_waiting, {}); const Waiting &one : waiting) {
        if (one.context)
            answer(one);
    }
}

void FakeTransport::answer(const Waiting &waiting)
{
    Answer answer = Core::Error{.kind = Core::Error::Kind::Network,
                                .message = u"no answer was prepared for %1 %2"_s.arg(
                                    QString::fromLatin1(waiting.request.verb), waiting.request.url.toString())};
    if (!m_answers.empty()) {
        answer = std::move(m_answers.front());
        m_answers.pop_front();
    } else if (m_handler) {
        answer = m_handler(waiting.request);
    }
    if (answer) {
        if (answer->url.isEmpty())
            answer->url = waiting.request.url;
        if (waiting.request.onBody && answer->isSuccess())
            waiting.request.onBody(std::exchange(answer->body, {}));
    }
    Core::deliver(waiting.context.data(), waiting.done, std::move(answer));
}

} // namespace Test
