#include "ui/access/whypanel.h"

#include "ui/models/accessmatrixmodel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::Probe;

namespace {

QString evidenceText(const Probe &probe, const Cell &cell)
{
    if (cell.evidence.method.isEmpty() || cell.observed == Observation::Running)
        return WhyPanel::tr("Would ask: %1 %2 — harmless because %3.").arg(QString::fromLatin1(probe.verb), probe.path, probe.harmless);
    QStringList facts{WhyPanel::tr("Asked: %1 %2").arg(QString::fromLatin1(cell.evidence.method), cell.evidence.url)};
    facts.append(cell.evidence.status > 0 ? WhyPanel::tr("answer %1 %2").arg(cell.evidence.status).arg(cell.evidence.code).trimmed()
                                          : WhyPanel::tr("no answer (%1)").arg(cell.evidence.code));
    if (!cell.evidence.requestId.isEmpty())
        facts.append(WhyPanel::tr("request %1").arg(cell.evidence.requestId));
    if (cell.evidence.at.isValid())
        facts.append(cell.evidence.at.toLocalTime().toString(u"hh:mm:ss"_s));
    QString text = facts.join(u" · "_s);
    if (cell.observed == Observation::Allowed)
        text += WhyPanel::tr("\nHow it shows: %1. Harmless because %2.").arg(cell.evidence.how, probe.harmless);
    return text;
}

} // namespace

WhyPanel::WhyPanel(QWidget *parent) : QFrame(parent)
{
    setObjectName(u"whyPanel"_s);
    setFrameShape(QFrame::StyledPanel);
    m_verdict = plainLabel({}, this);
    m_verdict->setObjectName(u"whyVerdict"_s);
    QFont bold = m_verdict->font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(bold.pointSizeF() * 1.1);
    m_verdict->setFont(bold);
    m_evidence = quietLabel({}, this);
    m_evidence->setObjectName(u"whyEvidence"_s);
    m_cause = plainLabel({}, this);
    m_cause->setObjectName(u"whyCause"_s);
    m_nextStep = plainLabel({}, this);
    m_nextStep->setObjectName(u"whyNextStep"_s);
    m_command = plainLabel({}, this);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commandRow = new QWidget(this);
    auto *commandLayout = new QHBoxLayout(m_commandRow);
    commandLayout->setContentsMargins(0, 0, 0, 0);
    commandLayout->addWidget(m_command, 1);
    commandLayout->addWidget(copyButton(tr("az command"), [this] { return m_command->text(); }, m_commandRow), 0, Qt::AlignTop);

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(6);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_verdict, m_evidence, m_cause, m_nextStep, m_commandRow})
        layout->addWidget(widget);
    layout->addStretch(1);
    showHint();
}

void WhyPanel::showHint()
{
    m_verdict->setText(tr("Choose a cell to see why."));
    m_evidence->setText(tr("Each cell is observed by one request that cannot change data. ✔ allowed, ✖ denied, ? undecided, · not asked."));
    m_evidence->show();
    setFinding(std::nullopt);
}

void WhyPanel::show(const Probe &probe, const Cell &cell)
{
    m_verdict->setText(AccessMatrixModel::spoken(probe, cell));
    m_evidence->setText(evidenceText(probe, cell));
    m_evidence->show();
    setFinding(cell.finding);
    if (!cell.finding && cell.observed == Observation::Allowed) {
        m_cause->setText(tr("Permission: %1").arg(cell.permission));
        m_cause->show();
    }
}

void WhyPanel::show(const Access::Finding &finding)
{
    m_verdict->setText(tr("This concerns the whole account."));
    m_evidence->hide();
    setFinding(finding);
}

void WhyPanel::setFinding(const std::optional<Access::Finding> &finding)
{
    m_cause->setVisible(finding.has_value());
    m_nextStep->setVisible(finding && !finding->nextStep.isEmpty());
    m_commandRow->setVisible(finding && !finding->command.isEmpty());
    if (!finding)
        return;
    m_cause->setText(tr("Likely: %1").arg(finding->cause));
    m_nextStep->setText(tr("Next: %1").arg(finding->nextStep));
    m_command->setText(finding->command);
}

} // namespace Ui
