#pragma once

#include "http/message.h"

#include <QByteArray>
#include <QList>
#include <QUrlQuery>

namespace Serving {

/// A request as it came over the wire: nothing in it is decoded.
struct Incoming
{
    QByteArray verb;
    QByteArray target; ///< origin form: path and query, percent-encoded as sent
    Http::Headers headers;
    QByteArray body;

    QByteArray header(QByteArrayView name) const { return Http::header(headers, name); }
    /// The target up to the question mark, still encoded.
    QByteArray rawPath() const;
    /// The path's segments, each decoded by itself, so that %2F stays inside its segment.
    QStringList segments() const;
    /// The first value of \a name, decoded; names compare exactly. A null string where it is
    /// absent.
    QString query(const QString &name) const;
    QByteArray rawQuery() const;
};

/// What is sent back. Content-Length is the server's business, unless the answer to HEAD brings
/// one.
struct Answer
{
    int status = 200;
    QByteArray reason; ///< empty: the usual phrase of the status
    Http::Headers headers;
    QByteArray body;

    QByteArray header(QByteArrayView name) const { return Http::header(headers, name); }
    /// Replaces every value of \a name by one.
    void set(const QByteArray &name, const QByteArray &value);
    void remove(QByteArrayView name);
};

/// application/x-www-form-urlencoded: + is a blank.
QUrlQuery formFields(const QByteArray &body);
/// The decoded value of \a name, or a null string.
QString field(const QUrlQuery &fields, const QString &name);

QByteArray reasonPhrase(int status);

/// "Tue, 24 Nov 2026 10:49:13 GMT".
QByteArray httpDate(const QDateTime &when);

} // namespace Serving
