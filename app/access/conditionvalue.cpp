#include "access/conditionvalue.h"

#include <QDateTime>
#include <QRegularExpression>

namespace Access {

using namespace Qt::StringLiterals;

std::optional<qint64> ticksOf(const QString &dateTime)
{
    static const QRegularExpression form(u"^(\\d{4}-\\d{2}-\\d{2})(?:[Tt ](\\d{2}:\\d{2}:\\d{2})(?:\\.(\\d{1,7}))?)?([Zz]|[+-]\\d{2}:\\d{2})?$"_s);
    const QRegularExpressionMatch match = form.match(dateTime);
    if (!match.hasMatch())
        return std::nullopt;
    const QDate date = QDate::fromString(match.captured(1), Qt::ISODate);
    const QString clock = match.captured(2);
    const QTime time = clock.isEmpty() ? QTime(0, 0) : QTime::fromString(clock, Qt::ISODate);
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    qint64 seconds = QDateTime(date, time, Qt::UTC).toSecsSinceEpoch();
    const QString zone = match.captured(4);
    if (zone.size() == 6) {
        const int offset = zone.mid(1, 2).toInt() * 3600 + zone.mid(4, 2).toInt() * 60;
        seconds -= zone[0] == u'-' ? -offset : offset;
    }
    return seconds * 10'000'000 + match.captured(3).leftJustified(7, u'0').toLongLong();
}

bool isInteger(const QString &text)
{
    static const QRegularExpression form(u"^[+-]?[0-9]+$"_s);
    return form.match(text).hasMatch();
}

std::optional<QString> guidOf(const QString &text)
{
    static const QRegularExpression form(
        u"^\\{?(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\}?$"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (!form.match(text).hasMatch())
        return std::nullopt;
    QString digits = text.toLower();
    return digits.remove(u'-').remove(u'{').remove(u'}');
}

} // namespace Access
