#include "ui/access/accessdetails.h"

#include "ui/access/contractpanel.h"
#include "ui/access/driftpanel.h"
#include "ui/access/fixpanel.h"
#include "ui/access/whypanel.h"
#include "ui/models/checksummary.h"
#include "ui/widgets/labels.h"

#include <QLabel>
#include <QScrollArea>

namespace Ui {

using namespace Qt::StringLiterals;

namespace {

enum Page { Why, Fix, Contract, Changes, Notes };

} // namespace

AccessDetails::AccessDetails(QWidget *parent)
    : QTabWidget(parent)
{
    setObjectName(u"accessDetails"_s);
    setDocumentMode(true);
    m_why = new WhyPanel(this);
    m_fix = new FixPanel(this);
    m_contract = new ContractPanel(this);
    m_drift = new DriftPanel(this);
    m_notes = plainLabel({}, this);
    m_notes->setObjectName(u"reportNotes"_s);
    m_notes->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_notes->setMargin(8);
    insertTab(Why, scrolled(m_why), tr("&Why"));
    insertTab(Fix, m_fix, tr("S&mallest fix"));
    insertTab(Contract, m_contract, tr("C&ontract"));
    insertTab(Changes, m_drift, tr("Chan&ges"));
    insertTab(Notes, scrolled(m_notes), {});
    showNotes({});
    connect(m_why, &WhyPanel::waitRequested, this, &AccessDetails::waitRequested);
    connect(m_contract, &ContractPanel::compared, this, &AccessDetails::contractCompared);
    connect(m_contract, &ContractPanel::clauseChosen, this, &AccessDetails::cellNamed);
    connect(m_drift, &DriftPanel::changeChosen, this, &AccessDetails::cellNamed);
}

void AccessDetails::forget()
{
    m_why->showHint();
    m_fix->setRights(nullptr);
    m_fix->setChosen({});
    m_contract->setReport(std::nullopt);
    setDrift(std::nullopt);
    showNotes({});
}

void AccessDetails::setReport(const Access::AccessReport &report,
                              std::shared_ptr<const Access::AuthorizationFacts> rights)
{
    m_contract->setReport(report, rights);
    m_fix->setRights(std::move(rights));
    showNotes(report.notes);
    if (report.finding)
        m_why->show(*report.finding);
}

void AccessDetails::setDrift(const std::optional<Access::Drift> &drift)
{
    m_drift->setDrift(drift);
    const auto changes = drift ? drift->changes.size() : 0;
    setTabText(Changes, changes == 0 ? tr("Chan&ges") : tr("Chan&ges (%1)").arg(changes));
}

void AccessDetails::showNotes(const QList<Access::Finding> &notes)
{
    m_notes->setText(findingsInWords(notes));
    setTabText(Notes, tr("&Notes (%1)").arg(notes.size()));
    setTabVisible(Notes, !notes.isEmpty());
}

void AccessDetails::showCell(const Access::Probe &probe, const Access::Cell &cell,
                             const QString &predictedBy)
{
    m_why->show(probe, cell, predictedBy);
}

void AccessDetails::setChosen(const QList<Access::Cell> &cells)
{
    m_fix->setChosen(cells);
}

void AccessDetails::bringWhyToFront()
{
    if (currentIndex() != Fix)
        setCurrentIndex(Why);
}

void AccessDetails::setContractPath(const QString &path)
{
    m_contract->setPath(path);
}

QString AccessDetails::contractPath() const
{
    return m_contract->path();
}

const std::optional<Access::ContractResult> &AccessDetails::contract() const
{
    return m_contract->result();
}

} // namespace Ui
