#pragma once

#include "identity/serviceprincipal.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace Core {
class Clock;
}

namespace Ui {

class EndCalendar;
class ErrorPanel;
class ExpiryModel;

/// Which credential ends when: a calendar with the days marked, the list beside it, and both as a
/// file for a calendar program.
class ExpiryPage final : public QWidget
{
    Q_OBJECT
public:
    explicit ExpiryPage(const Core::Clock &clock, QWidget *parent = nullptr);

    void setPrincipals(const QList<Identity::ServicePrincipal> &principals);

signals:
    void opened(const QString &principalId);

private:
    QWidget *makeBar();
    void makeTable();
    void selectDay(const QDate &day);
    void askWhereTo();
    void save(const QString &path);

    const Core::Clock &m_clock;
    QList<Identity::ServicePrincipal> m_principals;
    ExpiryModel *m_model;
    EndCalendar *m_calendar;
    QTableView *m_table;
    QLabel *m_summary;
    QLabel *m_saved;
    ErrorPanel *m_error;
};

} // namespace Ui
