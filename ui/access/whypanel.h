#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace Ui {

/// Why a cell of the matrix is as it is: the verdict, the evidence, the likely cause, the next step and a command to copy.
class WhyPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit WhyPanel(QWidget *parent = nullptr);

    void show(const Access::Probe &probe, const Access::Cell &cell);
    /// A finding that concerns the whole account.
    void show(const Access::Finding &finding);
    void showHint();

private:
    void setFinding(const std::optional<Access::Finding> &finding);

    QLabel *m_verdict;
    QLabel *m_evidence;
    QLabel *m_cause;
    QLabel *m_nextStep;
    QLabel *m_command;
    QWidget *m_commandRow;
};

} // namespace Ui
