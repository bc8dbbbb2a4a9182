#pragma once

#include "core/result.h"
#include "http/message.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QNetworkReply>
#include <QObject>
#include <QTimer>

class QNetworkAccessManager;

namespace Http {

/// One attempt: the request, its redirects, its body, its timeouts. Deleting it closes the connection.
class Exchange final : public QObject
{
    Q_OBJECT
public:
    Exchange(QNetworkAccessManager &network, const Request &request, QDeadlineTimer deadline, QObject *parent);
    ~Exchange() override;

    void start();
    /// Whether a piece of the body has been handed to Request::onBody.
    bool handedOver() const { return m_handedOver; }
    const QByteArray &clientRequestId() const { return m_clientRequestId; }
    const Headers &sentHeaders() const { return m_sent; }
    std::chrono::milliseconds elapsed() const { return std::chrono::milliseconds(m_elapsed.elapsed()); }

signals:
    void finished(const Core::Result<Http::Response> &result);

private:
    void ask(const QUrl &url);
    QNetworkReply *sendOnce(QNetworkRequest asked, const QByteArray &body);
    void readBody();
    void replyFinished();
    void expire(const QString &message);
    void finish(const Core::Result<Response> &result);
    void dropReply();
    Response answer() const;

    QNetworkAccessManager &m_network;
    const Request &m_request;
    QDeadlineTimer m_deadline;
    QTimer m_idle;
    QTimer m_overall;
    QElapsedTimer m_elapsed;
    QNetworkReply *m_reply = nullptr;
    QByteArray m_clientRequestId;
    Headers m_sent;
    QByteArray m_body;
    QString m_tlsError;
    qint64 m_received = 0;
    int m_redirects = 0;
    bool m_handedOver = false;
};

} // namespace Http
