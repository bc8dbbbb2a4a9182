#include "serving/message.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace Serving {

QByteArray Incoming::rawPath() const
{
    const qsizetype mark = target.indexOf('?');
    return mark < 0 ? target : target.first(mark);
}

QByteArray Incoming::rawQuery() const
{
    const qsizetype mark = target.indexOf('?');
    return mark < 0 ? QByteArray() : target.mid(mark + 1);
}

QStringList Incoming::segments() const
{
    QStringList decoded;
    for (const QByteArray &segment : rawPath().split('/'))
        decoded.append(QString::fromUtf8(QByteArray::fromPercentEncoding(segment)));
    decoded.removeFirst(); // what stands before the leading slash
    while (!decoded.isEmpty() && decoded.last().isEmpty())
        decoded.removeLast();
    return decoded;
}

QString Incoming::query(const QString &name) const
{
    return field(QUrlQuery(QString::fromUtf8(rawQuery())), name);
}

void Answer::set(const QByteArray &name, const QByteArray &value)
{
    remove(name);
    headers.append({name, value});
}

void Answer::remove(QByteArrayView name)
{
    headers.removeIf(
        [&](const auto &one) { return one.first.compare(name, Qt::CaseInsensitive) == 0; });
}

QUrlQuery formFields(const QByteArray &body)
{
    QByteArray blanks = body;
    blanks.replace('+', "%20");
    return QUrlQuery(QString::fromUtf8(blanks));
}

QString field(const QUrlQuery &fields, const QString &name)
{
    return fields.hasQueryItem(name) ? fields.queryItemValue(name, QUrl::FullyDecoded) : QString();
}

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 416: return "Requested Range Not Satisfiable";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return status < 400 ? "OK" : "Error";
    }
}

QByteArray httpDate(const QDateTime &when)
{
    return QLocale::c().toString(when.toUTC(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1();
}

} // namespace Serving
