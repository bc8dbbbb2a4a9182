#include "support/recordings.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Test {

using namespace Qt::StringLiterals;

namespace {

Http::Headers headersOf(const QJsonObject &object)
{
    Http::Headers headers;
    for (auto it = object.begin(); it != object.end(); ++it)
        headers.append({it.key().toUtf8(), it.value().toVariant().toString().toUtf8()});
    return headers;
}

QByteArray bodyOf(const QJsonValue &value)
{
    const QByteArray text = value.toString().toUtf8();
    return text.startsWith("base64:") ? QByteArray::fromBase64(text.mid(7)) : text;
}

} // namespace

QString sharedFolder()
{
    const QString folder = QStringLiteral(ROLESCOPE_SHARED_DIR);
    return QDir(folder).exists() ? folder : QString();
}

QStringList recordingNames(const QString &group, const QString &prefix)
{
    return QDir(sharedFolder() + u"/recordings/"_s + group).entryList({prefix + u"*.json"_s}, QDir::Files, QDir::Name);
}

QList<Exchange> recording(const QString &group, const QString &file)
{
    QFile source(sharedFolder() + u"/recordings/"_s + group + u'/' + file);
    if (!source.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(source.fileName()));
    QList<Exchange> exchanges;
    const QJsonArray list = QJsonDocument::fromJson(source.readAll()).object()[u"exchanges"].toArray();
    for (const QJsonValue &one : list) {
        const QJsonObject request = one[u"request"].toObject();
        const QJsonObject response = one[u"response"].toObject();
        Exchange exchange;
        exchange.verb = request[u"method"].toString().toLatin1();
        exchange.url = QUrl(request[u"url"].toString());
        exchange.requestHeaders = headersOf(request[u"headers"].toObject());
        exchange.requestBody = bodyOf(request[u"body"]);
        exchange.response.status = response[u"status"].toInt();
        exchange.response.headers = headersOf(response[u"headers"].toObject());
        exchange.response.body = bodyOf(response[u"body"]);
        exchange.response.url = exchange.url;
        exchanges.append(exchange);
    }
    return exchanges;
}

} // namespace Test
