#include "ui/lifecycle/rotatedialog.h"

#include "lifecycle/registerapplication.h"
#include "services/services.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/nameconfirmation.h"
#include "ui/widgets/steplist.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::RegisterApplication;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;

RotateDialog::RotateDialog(Services::Services &services, Identity::ServicePrincipal principal,
                           QWidget *parent, PartsFor parts)
    : QDialog(parent)
    , m_services(services)
    , m_principal(std::move(principal))
    , m_partsFor(orOperators(std::move(parts), services))
    , m_words(m_principal.credential == Identity::ServicePrincipal::Credential::Certificate)
{
    setObjectName(u"rotateDialog"_s);
    setWindowTitle(tr("Rotate the %1 of %2").arg(m_words.noun(), m_principal.name));
    m_state = plainLabel({}, this);
    m_state->setObjectName(u"rotationState"_s);
    m_steps = new StepList(this);
    m_remarks = plainLabel({}, this);
    m_remarks->setObjectName(u"rotationRemarks"_s);
    m_command = quietLabel({}, this);
    m_command->setObjectName(u"rotationCommand"_s);
    m_error = new ErrorPanel(this);
    auto *buttons = new QDialogButtonBox(this);
    m_takeBack = buttons->addButton(tr("&Take back"), QDialogButtonBox::ResetRole);
    m_takeBack->setObjectName(u"takeBackButton"_s);
    m_takeBack->setToolTip(m_words.takeBackTip());
    m_go = buttons->addButton(tr("&Begin"), QDialogButtonBox::ActionRole);
    m_go->setObjectName(u"rotateButton"_s);
    m_go->setDefault(true);
    m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_close->setAutoDefault(false);
    m_close->setObjectName(u"closeButton"_s);
    buttons->setFocusProxy(nullptr); // to its first button: where that is hidden, Tab would end
    makeEnd();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_state);
    layout->addWidget(makeBegin());
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_remarks);
    layout->addWidget(m_command);
    layout->addWidget(m_end);
    layout->addWidget(m_error);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 88);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, &RotateDialog::begin);
    connect(m_takeBack, &QPushButton::clicked, this, &RotateDialog::takeBack);
    for (QLabel *one : {m_remarks, m_command})
        one->hide();
    readJournal();
    setBusy(false);
}

RotateDialog::~RotateDialog() = default;

QWidget *RotateDialog::makeBegin()
{
    m_begin = new QWidget(this);
    m_days = new DaysBox(tr("The new one lasts"), RegisterApplication::longestDays, RegisterApplication::defaultDays, m_begin);
    m_days->setObjectName(u"rotateDays"_s);
    auto *form = new QFormLayout(m_begin);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("The new one &lasts"), m_days);
    m_replaces = new QLineEdit(m_begin);
    m_replaces->setObjectName(u"replacesField"_s);
    m_replaces->setPlaceholderText(
        tr("only where it cannot be told: the old %1's ID").arg(m_words.noun()));
    form->addRow(tr("It &replaces"), m_replaces);
    return m_begin;
}

void RotateDialog::makeEnd()
{
    m_end = new NameConfirmation(
        tr("Re&move the old %1").arg(m_words.noun()),
        tr("Name of the principal whose old %1 is removed").arg(m_words.noun()), this);
    m_end->setObjectNames(u"rotateNameField"_s, u"removeOldButton"_s);
    m_end->setSubject(m_words.beforeTheEnd(m_principal.name), m_principal.name);
    m_end->hide();
    connect(m_end, &NameConfirmation::confirmed, this, &RotateDialog::removeOld);
}

void RotateDialog::readJournal()
{
    const auto journal = Lifecycle::RotationJournal(m_services.vault.folder()).read(m_principal.id);
    if (!journal)
        return m_error->setError(journal.error());
    m_underWay = journal->has_value();
    m_begin->setVisible(!m_underWay);
    m_go->setText(m_underWay ? tr("&Go on") : tr("&Begin"));
    m_mayTakeBack = m_underWay && (*journal)->step != Rotation::Step::Confirmed &&
                    (*journal)->step != Rotation::Step::Removed;
    m_state->setText(m_underWay ? m_words.underWay(**journal) : m_words.intro());
}

std::unique_ptr<RotateCredential> RotateDialog::makeFlow()
{
    RotateCredential::Options how;
    how.lifetimeDays = m_days->value();
    how.replaces = m_replaces->text().trimmed();
    auto flow =
        std::make_unique<RotateCredential>(m_partsFor(m_principal.cloud, m_principal.tenant),
                                           m_principal, how, Services::rotationCheck(m_services));
    connect(flow.get(), &RotateCredential::announced, this,
            [this](const auto &one) { m_steps->begin(one.text); });
    connect(flow.get(), &RotateCredential::confirmationNeeded, this,
            &RotateDialog::confirmationNeeded);
    connect(flow.get(), &RotateCredential::finished, this, &RotateDialog::finished);
    connect(flow.get(), &RotateCredential::failed, this, &RotateDialog::failed);
    return flow;
}

void RotateDialog::begin()
{
    m_error->clear();
    m_steps->restart();
    m_flow = makeFlow();
    setBusy(true);
    m_flow->start();
}

void RotateDialog::takeBack()
{
    m_error->clear();
    m_steps->restart();
    m_flow = makeFlow();
    setBusy(true);
    m_flow->abandon();
}

void RotateDialog::removeOld()
{
    if (!m_flow)
        return;
    m_error->clear();
    setBusy(true);
    m_flow->confirm();
}

void RotateDialog::confirmationNeeded(const Rotation &rotation, const QStringList &remarks)
{
    m_steps->succeed();
    m_mayTakeBack = true;
    setBusy(false);
    show(rotation, remarks, m_words.inUse());
    m_end->clear();
    m_end->show();
    growToFit(*this);
    m_go->hide();
    emit changed();
}

void RotateDialog::finished(const Rotation &rotation, const QStringList &remarks)
{
    m_flow.release()->deleteLater();
    m_steps->succeed();
    m_ended = true;
    setBusy(false);
    show(rotation, remarks, m_words.ended(rotation));
    emit changed();
}

void RotateDialog::failed(const Error &error, const Rotation &rotation)
{
    m_flow.release()->deleteLater();
    m_steps->fail();
    readJournal();
    setBusy(false);
    Error shown = error;
    if (!rotation.marker.isEmpty())
        shown.nextStep = tr("%1 Then go on, or take it back; a working %2 is kept meanwhile.")
                             .arg(error.nextStep, m_words.noun())
                             .trimmed();
    m_error->setError(shown);
    growToFit(*this);
    emit changed();
}

void RotateDialog::show(const Rotation &rotation, const QStringList &remarks,
                        const QString &sentence)
{
    QStringList lines = remarks;
    for (const QString &path : rotation.written)
        lines.prepend(tr("Written: %1").arg(path));
    m_state->setText(sentence);
    m_remarks->setText(lines.join(u'\n'));
    m_remarks->setVisible(!lines.isEmpty());
    m_command->setText(tr("With az:\n%1").arg(Lifecycle::azCommands(rotation).join(u'\n')));
    m_command->show();
    growToFit(*this);
}

void RotateDialog::setBusy(bool busy)
{
    m_begin->setVisible(!busy && !m_underWay && !m_ended && !m_flow);
    m_go->setVisible(!busy && !m_ended);
    m_takeBack->setVisible(!busy && !m_ended && m_mayTakeBack);
    m_end->setVisible(false);
    m_close->setText(busy ? tr("Stop") : tr("Close"));
    growToFit(*this);
}

void RotateDialog::done(int result)
{
    // The journal knows how far it came: nothing has to be undone.
    m_flow.reset();
    emit changed();
    QDialog::done(result);
}

} // namespace Ui
