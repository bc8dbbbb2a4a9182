#pragma once

#include "identity/expiry.h"

#include <QCalendarWidget>
#include <QMap>

namespace Ui {

/// A month with the days marked on which credentials end; a tool tip names them.
class EndCalendar final : public QCalendarWidget
{
    Q_OBJECT
public:
    explicit EndCalendar(QWidget *parent = nullptr);

    /// Shows the month of the first end that has not come yet, as of \a now.
    void setEnds(const QList<Identity::Expiry> &entries, const QDateTime &now);
    /// The days that are marked, and how many end there.
    const QMap<QDate, int> &marked() const { return m_marked; }

protected:
    void paintCell(QPainter *painter, const QRect &rect, QDate date) const override;

private:
    void nameArrow(const QString &name, const QString &text, const QString &meaning);

    QMap<QDate, int> m_marked;
    QMap<QDate, Identity::Expiry::State> m_worst;
};

} // namespace Ui
