#include "identity/expiry.h"

#include <QRegularExpression>
#include <algorithm>

namespace Identity {

using namespace Qt::StringLiterals;
using std::chrono::seconds;

namespace {

constexpr qint64 day = 86400;

// RFC 5545, section 3.3.11.
QByteArray escaped(const QString &text)
{
    QString safe;
    for (const QChar c : text) {
        if (c == u'\\' || c == u';' || c == u',')
            safe += u'\\';
        if (c == u'\n')
            safe += u"\\n";
        else if (!c.isNonCharacter() && c >= u' ' && c != QChar(0x7F))
            safe += c;
    }
    return safe.toUtf8();
}

// Section 3.1: at most 75 octets in a line, and never half a character.
QByteArray folded(const QByteArray &line)
{
    QByteArray out;
    qsizetype at = 0;
    while (at < line.size()) {
        qsizetype room = std::min<qsizetype>(at == 0 ? 75 : 74, line.size() - at);
        while (at + room < line.size() && (static_cast<uchar>(line[at + room]) & 0xC0) == 0x80)
            --room;
        out += (at == 0 ? "" : "\r\n ") + line.mid(at, room);
        at += room;
    }
    return out + "\r\n";
}

QString kindOf(const ServicePrincipal &principal)
{
    return principal.credential == ServicePrincipal::Credential::Certificate ? u"certificate"_s
                                                                             : u"secret"_s;
}

QByteArray alarm(int days, const QByteArray &text)
{
    return folded("BEGIN:VALARM") + folded("ACTION:DISPLAY") + folded("DESCRIPTION:" + text) +
           folded("TRIGGER:-P" + QByteArray::number(days) + 'D') + folded("END:VALARM");
}

QByteArray event(const ServicePrincipal &principal, const QDateTime &now)
{
    const QString environment = principal.environment.name.isEmpty()
                                    ? QString()
                                    : u" ("_s + principal.environment.name + u')';
    const QByteArray title =
        escaped(u"The %1 of %2%3 expires"_s.arg(kindOf(principal), principal.name, environment));
    const QDate end = principal.credentialExpiresAt.toUTC().date();
    const QString more =
        u"Client ID %1 in tenant %2; ends %3.\nMake a new one in time, and hand it to whoever uses it."_s
            .arg(principal.clientId, principal.tenant,
                 principal.credentialExpiresAt.toUTC().toString(Qt::ISODate));
    QByteArray lines =
        folded("BEGIN:VEVENT") + folded("UID:" + escaped(principal.id) + "@rolescope") +
        folded("DTSTAMP:" + now.toUTC().toString(u"yyyyMMdd'T'HHmmss'Z'"_s).toLatin1()) +
        folded("DTSTART;VALUE=DATE:" + end.toString(u"yyyyMMdd"_s).toLatin1()) +
        folded("DTEND;VALUE=DATE:" + end.addDays(1).toString(u"yyyyMMdd"_s).toLatin1()) +
        folded("SUMMARY:" + title) + folded("DESCRIPTION:" + escaped(more)) +
        folded("TRANSP:TRANSPARENT");
    for (const int days : {30, 7, 1})
        lines += alarm(days, title);
    return lines + folded("END:VEVENT");
}

} // namespace

Expiry expiryOf(const ServicePrincipal &principal, const QDateTime &now, seconds soon)
{
    Expiry expiry{.principal = principal};
    if (!principal.credentialExpiresAt.isValid() ||
        principal.credential == ServicePrincipal::Credential::FederatedToken)
        return expiry;
    const qint64 left = now.secsTo(principal.credentialExpiresAt);
    expiry.days = left >= 0 ? left / day : -((-left + day - 1) / day);
    expiry.state = left <= 0               ? Expiry::State::Expired
                   : seconds(left) <= soon ? Expiry::State::Soon
                                           : Expiry::State::Later;
    return expiry;
}

QList<Expiry> expiring(const QList<ServicePrincipal> &principals, const QDateTime &now,
                       seconds within)
{
    QList<Expiry> found;
    for (const ServicePrincipal &one : principals) {
        const Expiry expiry = expiryOf(one, now, within);
        if (expiry.state == Expiry::State::Soon || expiry.state == Expiry::State::Expired)
            found.append(expiry);
    }
    std::stable_sort(found.begin(), found.end(), [](const Expiry &a, const Expiry &b) {
        return a.principal.credentialExpiresAt < b.principal.credentialExpiresAt;
    });
    return found;
}

std::optional<seconds> parseSpan(QStringView text)
{
    static const QRegularExpression form(u"\\A([0-9]{1,5})([hdw])\\z"_s);
    const QRegularExpressionMatch match = form.match(text.toString());
    if (!match.hasMatch())
        return std::nullopt;
    const qint64 count = match.captured(1).toLongLong();
    const QChar unit = match.captured(2)[0];
    const qint64 span = count * (unit == u'h' ? 3600 : unit == u'd' ? day : 7 * day);
    return span > 3660 * day ? std::nullopt : std::optional(seconds(span));
}

std::optional<QDateTime> parseExpiry(const QString &text)
{
    static const QRegularExpression dateOnly(u"\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z"_s);
    QDateTime at;
    if (dateOnly.match(text).hasMatch()) {
        const QDate date = QDate::fromString(text, Qt::ISODate);
        at = date.isValid() ? QDateTime(date, QTime(23, 59, 59), Qt::UTC) : QDateTime();
    } else {
        at = QDateTime::fromString(text, Qt::ISODate).toUTC();
    }
    return at.isValid() ? std::optional(at) : std::nullopt;
}

QByteArray calendarOf(const QList<ServicePrincipal> &principals, const QDateTime &now)
{
    QByteArray calendar = folded("BEGIN:VCALENDAR") + folded("VERSION:2.0") +
                          folded("PRODID:-//Rolescope//Rolescope//EN") +
                          folded("CALSCALE:GREGORIAN") + folded("METHOD:PUBLISH");
    for (const ServicePrincipal &one : principals) {
        if (expiryOf(one, now, seconds(0)).state != Expiry::State::Unknown)
            calendar += event(one, now);
    }
    return calendar + folded("END:VCALENDAR");
}

} // namespace Identity
