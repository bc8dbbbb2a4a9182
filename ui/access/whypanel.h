#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;

namespace Ui {

class ElidedLabel;

/// Why a cell of the matrix is as it is: what each witness says and by whose eyes, the cause, the
/// next step and a command to copy.
class WhyPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit WhyPanel(QWidget *parent = nullptr);

    /// \a predictedBy: AccessReport::predictedBy.
    void show(const Access::Probe &probe, const Access::Cell &cell, const QString &predictedBy);
    /// A finding that concerns the whole account.
    void show(const Access::Finding &finding);
    void showHint();

signals:
    /// The roles are still on their way: ask again until they are effective.
    void waitRequested();

private:
    void setFinding(const std::optional<Access::Finding> &finding);
    QWidget *makeWitnesses();
    QWidget *makeCommand();

    struct WitnessRow
    {
        QLabel *mark;
        QLabel *says;
        QLabel *detail;
    };
    QLabel *m_verdict;
    QLabel *m_hint;
    QWidget *m_witnesses;
    QList<WitnessRow> m_rows;
    QLabel *m_cause;
    QLabel *m_nextStep;
    ElidedLabel *m_command;
    QWidget *m_commandRow;
    QPushButton *m_wait;
};

} // namespace Ui
