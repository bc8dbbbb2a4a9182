#include "ui/expiry/endcalendar.h"

#include "ui/widgets/theme.h"

#include <QLineEdit>
#include <QPainter>
#include <QTextCharFormat>
#include <QToolButton>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::Expiry;

EndCalendar::EndCalendar(QWidget *parent)
    : QCalendarWidget(parent)
{
    setObjectName(u"endCalendar"_s);
    setAccessibleName(tr("Days on which credentials end"));
    setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    setGridVisible(false);
    for (QLineEdit *year : findChildren<QLineEdit *>())
        year->setAccessibleName(tr("Year"));
    // Room for the mark below the number.
    setMinimumSize(fontMetrics().averageCharWidth() * 46, fontMetrics().lineSpacing() * 17);
    nameArrow(u"qt_calendar_prevmonth"_s, u"‹"_s, tr("Previous month"));
    nameArrow(u"qt_calendar_nextmonth"_s, u"›"_s, tr("Next month"));
    // Weekends are no warning; red is for what has ended.
    QTextCharFormat plain;
    plain.setForeground(palette().color(QPalette::Text));
    setWeekdayTextFormat(Qt::Saturday, plain);
    setWeekdayTextFormat(Qt::Sunday, plain);
}

void EndCalendar::nameArrow(const QString &name, const QString &text, const QString &meaning)
{
    auto *arrow = findChild<QToolButton *>(name);
    if (!arrow) // Qt's own name for it, which it may change
        return;
    arrow->setIcon({});
    arrow->setText(text);
    arrow->setStyleSheet(u"QToolButton { color: palette(highlighted-text); font-weight: bold; }"_s);
    arrow->setAccessibleName(meaning);
    arrow->setToolTip(meaning);
}

void EndCalendar::setEnds(const QList<Expiry> &entries, const QDateTime &now)
{
    setDateTextFormat({}, {});
    m_marked.clear();
    m_worst.clear();
    QMap<QDate, QStringList> names;
    for (const Expiry &one : entries) {
        if (one.state == Expiry::State::Unknown)
            continue;
        const QDate day = one.principal.credentialExpiresAt.toUTC().date();
        ++m_marked[day];
        m_worst[day] = std::max(m_worst.value(day), one.state);
        names[day].append(one.principal.name);
    }
    for (auto day = names.cbegin(); day != names.cend(); ++day) {
        QTextCharFormat format;
        format.setFontWeight(QFont::Bold);
        format.setToolTip(tr("Ends: %1").arg(day->join(u", "_s)).toHtmlEscaped());
        setDateTextFormat(day.key(), format);
    }
    const auto next = m_marked.lowerBound(now.toUTC().date());
    const QDate shown = next == m_marked.cend() ? now.toUTC().date() : next.key();
    setCurrentPage(shown.year(), shown.month());
    updateCells();
}

// Below the number: a bar in the colour of its state; a filled one for what has ended, so that the
// colour does not say it alone.
void EndCalendar::paintCell(QPainter *painter, const QRect &rect, QDate date) const
{
    QCalendarWidget::paintCell(painter, rect, date);
    if (!m_marked.contains(date))
        return;
    const Expiry::State state = m_worst.value(date);
    const auto observation = state == Expiry::State::Expired ? Access::Observation::Denied
                             : state == Expiry::State::Soon  ? Access::Observation::Undecided
                                                             : Access::Observation::Allowed;
    const QColor color = observationColor(observation, palette());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.5));
    painter->setBrush(state == Expiry::State::Later ? Qt::NoBrush : QBrush(color));
    const int width = std::min(rect.width() - 8, 18);
    painter->drawRoundedRect(QRectF(rect.center().x() - width / 2.0, rect.bottom() - 6, width, 4),
                             2, 2);
    painter->restore();
}

} // namespace Ui
