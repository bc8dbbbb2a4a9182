#include "ui/lifecycle/retiredialog.h"

#include "services/services.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/nameconfirmation.h"
#include "ui/widgets/steplist.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::Retirement;
using Lifecycle::RetirePrincipal;

RetireDialog::RetireDialog(Services::Services &services, Identity::ServicePrincipal principal,
                           QWidget *parent, PartsFor parts)
    : QDialog(parent)
    , m_services(services)
    , m_principal(std::move(principal))
    , m_partsFor(orOperators(std::move(parts), services))
{
    setObjectName(u"retireDialog"_s);
    setWindowTitle(tr("Retire %1").arg(m_principal.name));
    m_intro = plainLabel({}, this);
    m_intro->setObjectName(u"retireIntro"_s);
    m_plan = new QListWidget(this);
    m_plan->setObjectName(u"retirePlan"_s);
    m_plan->setAccessibleName(tr("What goes, in this order"));
    m_plan->setWordWrap(true);
    m_plan->setSelectionMode(QAbstractItemView::NoSelection);
    m_plan->setMinimumHeight(fontMetrics().height() * 7);
    m_remarks = plainLabel({}, this);
    m_command = quietLabel({}, this);
    m_command->setObjectName(u"retireCommand"_s);
    m_steps = new StepList(this);
    m_error = new ErrorPanel(this);
    auto *buttons = new QDialogButtonBox(this);
    m_again = buttons->addButton(tr("&Look again"), QDialogButtonBox::ActionRole);
    m_again->setObjectName(u"lookAgainButton"_s);
    m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_close->setObjectName(u"closeButton"_s);
    buttons->setFocusProxy(nullptr); // to its first button: where that is hidden, Tab would end
    makeConfirmation();
    auto *layout = new QVBoxLayout(this);
    for (QWidget *one : std::initializer_list<QWidget *>{m_intro, m_plan, m_remarks})
        layout->addWidget(one);
    layout->setStretchFactor(m_plan, 1);
    layout->addWidget(m_command);
    layout->addWidget(m_confirmation);
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_error);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 28);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_again, &QPushButton::clicked, this, &RetireDialog::look);
    look();
}

RetireDialog::~RetireDialog() = default;

void RetireDialog::makeConfirmation()
{
    m_confirmation =
        new NameConfirmation(tr("Re&tire"), tr("Name of the principal to retire"), this);
    m_confirmation->setObjectNames(u"retireNameField"_s, u"retireButton"_s);
    m_confirmation->setSubject(
        tr("Write “%1”, the principal's name, to do all of that in Entra ID, Azure and the "
           "keychain. "
           "For 30 days the application can be restored, with a new credential:")
            .arg(m_principal.name),
        m_principal.name);
    connect(m_confirmation, &NameConfirmation::confirmed, this, &RetireDialog::proceed);
}

void RetireDialog::look()
{
    m_isPlanned = false;
    m_error->clear();
    m_plan->clear();
    m_confirmation->clear();
    m_steps->restart();
    m_intro->setText(
        tr("Looking what there is of “%1”. Nothing is changed.").arg(m_principal.name));
    m_flow = std::make_unique<RetirePrincipal>(m_partsFor(m_principal.cloud, m_principal.tenant),
                                               m_principal);
    connect(m_flow.get(), &RetirePrincipal::announced, this,
            [this](const auto &one) { m_steps->begin(one.text); });
    connect(m_flow.get(), &RetirePrincipal::planned, this, &RetireDialog::planned);
    connect(m_flow.get(), &RetirePrincipal::finished, this, &RetireDialog::finished);
    connect(m_flow.get(), &RetirePrincipal::failed, this, &RetireDialog::failed);
    setBusy(true);
    m_flow->look();
}

void RetireDialog::planned(const RetirePrincipal::Plan &plan)
{
    m_isPlanned = true;
    m_steps->restart();
    m_intro->setText(tr("To retire “%1” removes, in this order:").arg(m_principal.name));
    m_plan->addItems(plan.inWords());
    m_remarks->setText(plan.remarks.join(u'\n'));
    m_command->setText(plan.azCommands().isEmpty()
                           ? QString()
                           : tr("With az:\n%1").arg(plan.azCommands().join(u'\n')));
    setBusy(false);
    m_confirmation->focusField();
}

void RetireDialog::proceed()
{
    m_error->clear();
    setBusy(true);
    m_flow->proceed(m_confirmation->typed());
}

void RetireDialog::finished(const Retirement &retirement)
{
    m_flow.release()->deleteLater();
    m_isPlanned = false;
    m_steps->succeed();
    setBusy(false);
    m_again->hide();
    m_intro->setText(
        tr("“%1” is retired. Until %2 it can be restored: + Add, Restore.")
            .arg(m_principal.name, retirement.restorableUntil().toString(u"yyyy-MM-dd"_s)));
    emit retired(m_principal.id);
}

void RetireDialog::failed(const Error &error, const QStringList &left)
{
    m_flow.release()->deleteLater();
    m_steps->fail();
    const bool stopped = m_isPlanned;
    m_isPlanned = false;
    setBusy(false);
    m_plan->clear();
    m_plan->addItems(left);
    m_intro->setText(stopped ? tr("It stopped half-way. Still there:")
                             : tr("What there is could not be found out. Nothing was changed."));
    m_error->setError(error);
}

void RetireDialog::setBusy(bool busy)
{
    m_confirmation->setVisible(!busy && m_isPlanned);
    m_remarks->setVisible(m_isPlanned && !m_remarks->text().isEmpty());
    m_command->setVisible(m_isPlanned && !busy && !m_command->text().isEmpty());
    m_again->setVisible(!busy);
    m_close->setText(busy && m_isPlanned ? tr("Stop") : tr("Close"));
}

void RetireDialog::done(int result)
{
    m_flow.reset();
    QDialog::done(result);
}

} // namespace Ui
