#include "ui/lifecycle/rotatedialog.h"

#include "lifecycle/registerapplication.h"
#include "services/services.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/steplist.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::RegisterApplication;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;

namespace {

QString stateInWords(const Rotation &rotation)
{
    switch (rotation.step) {
    case Rotation::Step::Begun: return RotateDialog::tr("the new secret is not kept here yet");
    case Rotation::Step::Stored:
        return RotateDialog::tr("the new secret is in the keychain, and not in use yet");
    case Rotation::Step::Current:
        return RotateDialog::tr("the new secret is in use here; the files may hold the old one");
    case Rotation::Step::Exported:
        return RotateDialog::tr("the new secret is in use, the old one still works");
    case Rotation::Step::Confirmed:
        return RotateDialog::tr("the old secret is about to be removed");
    case Rotation::Step::Removed: return RotateDialog::tr("the old secret is removed");
    case Rotation::Step::Abandoned: return RotateDialog::tr("it is being taken back");
    }
    return {};
}

} // namespace

RotateDialog::RotateDialog(Services::Services &services, Identity::ServicePrincipal principal,
                           QWidget *parent, PartsFor parts)
    : QDialog(parent)
    , m_services(services)
    , m_principal(std::move(principal))
    , m_partsFor(orOperators(std::move(parts), services))
{
    setObjectName(u"rotateDialog"_s);
    setWindowTitle(tr("Rotate the secret of %1").arg(m_principal.name));
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
    m_takeBack->setToolTip(tr("The old secret is the current one again, in the files too, and the "
                              "new one is removed"));
    m_go = buttons->addButton(tr("&Begin"), QDialogButtonBox::ActionRole);
    m_go->setObjectName(u"rotateButton"_s);
    m_go->setDefault(true);
    m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_close->setAutoDefault(false);
    m_close->setObjectName(u"closeButton"_s);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_state);
    layout->addWidget(makeBegin());
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_remarks);
    layout->addWidget(m_command);
    layout->addWidget(makeEnd());
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
    m_days = new QSpinBox(m_begin);
    m_days->setObjectName(u"rotateDays"_s);
    m_days->setRange(1, RegisterApplication::longestDays);
    m_days->setValue(RegisterApplication::defaultDays);
    m_days->setSuffix(tr(" days"));
    auto *form = new QFormLayout(m_begin);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("The new one &lasts"), m_days);
    m_replaces = new QLineEdit(m_begin);
    m_replaces->setObjectName(u"replacesField"_s);
    m_replaces->setPlaceholderText(tr("only where it cannot be told: the old secret's ID"));
    form->addRow(tr("It &replaces"), m_replaces);
    return m_begin;
}

QWidget *RotateDialog::makeEnd()
{
    m_end = new QWidget(this);
    auto *text = plainLabel(tr("When nothing needs the old secret any more, write the "
                               "principal's name to remove it from Entra ID and the keychain:"),
                            m_end);
    m_name = new QLineEdit(m_end);
    m_name->setObjectName(u"rotateNameField"_s);
    m_name->setAccessibleName(tr("Name of the principal whose old secret is removed"));
    m_remove = new QPushButton(tr("Re&move the old secret"), m_end);
    m_remove->setObjectName(u"removeOldButton"_s);
    m_remove->setAutoDefault(false);
    m_remove->setEnabled(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_name, 1);
    row->addWidget(m_remove);
    auto *layout = new QVBoxLayout(m_end);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text);
    layout->addLayout(row);
    m_end->hide();
    connect(m_name, &QLineEdit::textChanged, this,
            [this](const QString &typed) { m_remove->setEnabled(typed == m_principal.name); });
    connect(m_remove, &QPushButton::clicked, this, &RotateDialog::removeOld);
    return m_end;
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
    m_state->setText(
        m_underWay
            ? tr("The rotation begun on %1 is under way: %2.")
                  .arg((*journal)->startedAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s),
                       stateInWords(**journal))
            : tr("A new secret is made in Entra ID, kept here beside the old one, tried until it "
                 "works, used for an access check, and written into the environment files that "
                 "were saved here. The old one goes on working until you remove it."));
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
    show(rotation, remarks, tr("The new secret is in use; the old one still works."));
    m_name->clear();
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
    show(rotation, remarks,
         rotation.step == Rotation::Step::Abandoned
             ? tr("Taken back: the old secret is the current one, the new one is removed.")
             : tr("Rotated: the new secret is in use, the old one is removed."));
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
        shown.nextStep = tr("%1 Then go on, or take it back; a working secret is kept meanwhile.")
                             .arg(error.nextStep)
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
