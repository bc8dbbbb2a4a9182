#pragma once

#include "access/accessreport.h"
#include "access/authorizationfacts.h"
#include "access/contract.h"
#include "access/drift.h"
#include "access/probeplan.h"

#include <QTabWidget>
#include <memory>
#include <optional>

class QLabel;

namespace Ui {

class ContractPanel;
class DriftPanel;
class FixPanel;
class WhyPanel;

/// What stands below the matrix: why, the smallest fix, the contract, what changed, and notes about
/// the check as a whole.
class AccessDetails final : public QTabWidget
{
    Q_OBJECT
public:
    explicit AccessDetails(QWidget *parent = nullptr);

    /// Back to before a check; a contract stays open.
    void forget();
    void setReport(const Access::AccessReport &report,
                   std::shared_ptr<const Access::AuthorizationFacts> rights);
    /// What changed since the last check; nothing where there was none.
    void setDrift(const std::optional<Access::Drift> &drift);
    /// \a predictedBy: AccessReport::predictedBy.
    void showCell(const Access::Probe &probe, const Access::Cell &cell, const QString &predictedBy);
    void setChosen(const QList<Access::Cell> &cells);
    /// Brings the first page to the front, unless one is there that follows the chosen cell too.
    void bringWhyToFront();

    void setContractPath(const QString &path);
    QString contractPath() const;
    const std::optional<Access::ContractResult> &contract() const;

signals:
    void contractCompared();
    /// A row of a list is about this cell.
    void cellNamed(const QString &container, const QString &operation);
    void waitRequested();

private:
    void showNotes(const QList<Access::Finding> &notes);

    WhyPanel *m_why;
    FixPanel *m_fix;
    ContractPanel *m_contract;
    DriftPanel *m_drift;
    QLabel *m_notes;
};

} // namespace Ui
