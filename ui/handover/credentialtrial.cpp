#include "ui/handover/credentialtrial.h"

#include "services/services.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Services::SignInOutcome;

namespace {

Access::Observation observationOf(SignInOutcome outcome)
{
    switch (outcome) {
    case SignInOutcome::Works: return Access::Observation::Allowed;
    case SignInOutcome::Refused: return Access::Observation::Denied;
    case SignInOutcome::Unknown: break;
    }
    return Access::Observation::Undecided;
}

QString factsOf(const Services::CredentialFindings &credential)
{
    if (!credential.any)
        return CredentialTrial::tr("Credential: there is none of the Azure SDKs' variables in it.");
    QStringList lines{credential.isComplete()
                          ? CredentialTrial::tr("Credential: complete.")
                          : CredentialTrial::tr("Credential: incomplete, without %1.")
                                .arg(credential.missing.join(u", "_s))};
    for (const Identity::LintFinding &one : credential.findings)
        lines.append(u"⚠ "_s + one.message);
    return lines.join(u'\n');
}

} // namespace

CredentialTrial::CredentialTrial(Services::Services &services, QWidget *parent)
    : QFrame(parent)
    , m_services(services)
{
    setObjectName(u"credentialTrial"_s);
    m_facts = plainLabel({}, this);
    m_facts->setObjectName(u"trialFacts"_s);
    m_try = new QPushButton(this);
    m_try->setObjectName(u"tryCredentialButton"_s);
    m_outcome = plainLabel({}, this);
    m_outcome->setObjectName(u"trialOutcome"_s);
    m_error = new ErrorPanel(this);
    m_error->setObjectName(u"trialError"_s);
    m_confirmation = new QWidget(this);
    m_confirmation->setObjectName(u"trialConfirmation"_s);
    m_question = plainLabel({}, m_confirmation);
    m_question->setObjectName(u"trialQuestion"_s);
    m_send = new QPushButton(m_confirmation);
    m_send->setObjectName(u"sendAnywayButton"_s);
    auto *stay = new QPushButton(tr("Do not send it"), m_confirmation);
    stay->setObjectName(u"doNotSendButton"_s);
    for (QPushButton *button : {m_try, m_send, stay})
        button->setAutoDefault(false);

    auto *answers = new QHBoxLayout;
    answers->addWidget(stay);
    answers->addWidget(m_send);
    answers->addStretch(1);
    auto *asked = new QVBoxLayout(m_confirmation);
    asked->setContentsMargins(0, 0, 0, 0);
    asked->addWidget(m_question);
    asked->addLayout(answers);
    auto *row = new QHBoxLayout;
    row->addWidget(m_facts, 1);
    row->addWidget(m_try, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_confirmation);
    layout->addWidget(m_outcome);
    layout->addWidget(m_error);
    connect(m_try, &QPushButton::clicked, this, &CredentialTrial::press);
    connect(m_send, &QPushButton::clicked, this, &CredentialTrial::tryIt);
    connect(stay, &QPushButton::clicked, this, [this] {
        stop();
        m_outcome->setText(tr("Nothing was sent."));
        m_outcome->show();
        m_try->setFocus();
    });
    setVariables({});
}

CredentialTrial::~CredentialTrial() = default;

void CredentialTrial::setVariables(const Identity::Variables &variables)
{
    m_variables = variables;
    const Services::CredentialFindings found = Services::credentialIn(variables);
    m_facts->setText(factsOf(found));
    stop();
    m_outcome->hide();
    m_error->clear();
    m_try->setVisible(found.any);
    m_try->setEnabled(found.isComplete() && !found.hasError());
    const auto place = Services::signInPlace(variables, {});
    m_try->setToolTip(place ? tr("Signs in once at %1, as an application would; nothing is kept")
                                  .arg(place->cloud.authorityHost.host())
                            : QString());
    setVisible(!variables.isEmpty());
}

void CredentialTrial::press()
{
    if (m_work) {
        stop();
        m_outcome->setText(tr("Cancelled: whether it works was not found out."));
        return;
    }
    m_outcome->hide();
    m_error->clear();
    const auto place = Services::signInPlace(m_variables, knownClouds());
    if (!place) {
        end(SignInOutcome::Unknown, tr("It was not tried."));
        return m_error->setError(place.error());
    }
    m_place = *place;
    m_place.isWellKnown ? tryIt() : ask();
}

// The file alone must not decide where its secret goes.
void CredentialTrial::ask()
{
    const QString host = m_place.cloud.authorityHost.toString();
    const bool used = !m_place.cloud.file.isEmpty();
    m_question->setText((
        used
            ? tr("The file names the authority %1, that of the cloud file %2. Its credential would "
                 "be sent there.")
                  .arg(host, m_place.cloud.file)
            : tr("The file names the authority %1, which is none of Azure's. Whoever runs that "
                 "host "
                 "would get the credential.")
                  .arg(host)));
    m_send->setText(tr("Send it to %1").arg(m_place.cloud.authorityHost.authority()));
    m_send->setAccessibleName(m_send->text());
    m_try->setEnabled(false);
    m_confirmation->show();
    m_confirmation->setAccessibleName(m_question->text());
}

// A certificate is read from its file, and its key is made ready: not on this thread.
void CredentialTrial::tryIt()
{
    stop();
    m_try->setText(tr("Cancel"));
    m_outcome->setPalette(palette());
    m_outcome->setText(tr("Signing in at %1 …").arg(m_place.cloud.authorityHost.toString()));
    m_outcome->show();
    m_work = std::make_unique<QObject>();
    inBackground<Core::Result<Services::FileCredential>>(
        m_work.get(),
        [variables = m_variables, cloud = m_place.cloud, now = m_services.clock.now()] {
            return Services::fileCredential(variables, cloud, now);
        },
        [this](const Core::Result<Services::FileCredential> &credential) { signIn(credential); });
}

void CredentialTrial::signIn(const Core::Result<Services::FileCredential> &credential)
{
    if (!credential) {
        end(SignInOutcome::Unknown, tr("It could not be tried."));
        return m_error->setError(credential.error());
    }
    m_services.tokens.forget(
        credential->principal); // an answer of some time ago would prove little
    Services::trySignIn(m_services, *credential, m_work.get(),
                        [this](const Core::Result<Identity::AccessToken> &token) {
                            const QString host = m_place.cloud.authorityHost.host();
                            const SignInOutcome outcome = Services::outcomeOf(token);
                            end(outcome, outcome == SignInOutcome::Works
                                             ? tr("✔ It works: %1 gave a token.").arg(host)
                                         : outcome == SignInOutcome::Refused
                                             ? tr("✖ It does not work: %1 refused it.").arg(host)
                                             : tr("? Whether it works could not be found out."));
                            if (!token)
                                m_error->setError(token.error());
                        });
}

void CredentialTrial::end(SignInOutcome outcome, const QString &words)
{
    if (m_work)
        m_work.release()->deleteLater(); // it is its own answer that ends it
    stop();
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, observationColor(observationOf(outcome), palette()));
    m_outcome->setPalette(colors);
    m_outcome->setText(words);
    m_outcome->show();
}

void CredentialTrial::stop()
{
    m_work.reset();
    m_confirmation->hide();
    m_try->setText(tr("Does it work?"));
    m_try->setEnabled(true);
    m_outcome->setPalette(palette());
}

QList<Identity::Cloud> CredentialTrial::knownClouds() const
{
    QList<Identity::Cloud> clouds;
    const auto principals = m_services.vault.list();
    for (const auto &one : principals ? *principals : QList<Identity::ServicePrincipal>()) {
        if (const auto cloud = Identity::Cloud::load(one.cloud); cloud && !cloud->isWellKnown())
            clouds.append(*cloud);
    }
    return clouds;
}

} // namespace Ui
