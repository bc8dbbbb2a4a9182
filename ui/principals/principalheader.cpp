#include "ui/principals/principalheader.h"

#include "lifecycle/rotationjournal.h"
#include "services/services.h"
#include "services/signin.h"
#include "ui/lifecycle/rotationwords.h"
#include "ui/models/endinwords.h"
#include "ui/principals/claimtable.h"
#include "ui/principals/clouds.h"
#include "ui/principals/lifecyclemenu.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/nameconfirmation.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

PrincipalHeader::PrincipalHeader(Services::Services &services, QWidget *parent) : QWidget(parent), m_services(services)
{
    m_error = new ErrorPanel(this);
    m_claimTable = new ClaimTable(this);
    m_claimTable->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 4);
    layout->setSpacing(4);
    layout->addWidget(makeTitle());
    m_ids = new ElidedLabel(this);
    m_ids->setObjectName(u"principalIds"_s);
    m_facts = new ElidedLabel(this);
    m_facts->setObjectName(u"tokenFacts"_s);
    for (ElidedLabel *label : {m_ids, m_facts}) {
        QPalette colors = label->palette();
        colors.setColor(QPalette::WindowText, dimmed(colors));
        label->setPalette(colors);
        layout->addWidget(label);
    }
    m_cloud = new ElidedLabel(this);
    m_cloud->setObjectName(u"foreignCloudNote"_s);
    m_cloud->hide();
    layout->addWidget(m_cloud);
    m_told = plainLabel({}, this);
    m_told->setObjectName(u"lifecycleTold"_s);
    m_told->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_told->hide();
    layout->addWidget(m_told);
    layout->addWidget(makePending());
    makeRemoval();
    layout->addWidget(m_removal);
    layout->addWidget(m_error);
    layout->addWidget(m_claimTable);
    connect(&m_services.tokens, &Identity::TokenClient::forgotten, this, &PrincipalHeader::dropToken);
    m_tick.setInterval(std::chrono::seconds(15));
    connect(&m_tick, &QTimer::timeout, this, &PrincipalHeader::updateFacts);
    m_tick.start();
}

PrincipalHeader::~PrincipalHeader() = default;

QWidget *PrincipalHeader::makeTitle()
{
    auto *row = new QWidget(this);
    m_environment = new QLabel(row);
    m_environment->setTextFormat(Qt::PlainText);
    m_environment->setObjectName(u"environmentChip"_s);
    m_name = new ElidedLabel(row);
    m_name->setObjectName(u"principalName"_s);
    QFont font = m_name->font();
    font.setPointSizeF(font.pointSizeF() * 1.4);
    font.setWeight(QFont::DemiBold);
    m_name->setFont(font);
    m_getToken = new QPushButton(tr("Get token"), row);
    m_getToken->setObjectName(u"getTokenButton"_s);
    m_toggleClaims = new QToolButton(row);
    m_toggleClaims->setObjectName(u"claimsButton"_s);
    m_toggleClaims->setText(tr("Claims"));
    m_toggleClaims->setCheckable(true);
    m_toggleClaims->setEnabled(false);
    m_lifecycle = new LifecycleMenu(m_services, row);
    connectLifecycle();
    auto *edit = new QToolButton(row);
    edit->setObjectName(u"editPrincipalButton"_s);
    edit->setText(tr("Edit …"));
    auto *remove = new QToolButton(row);
    remove->setObjectName(u"removePrincipalButton"_s);
    remove->setText(tr("Remove …"));
    auto *copyClient = copyButton(tr("client ID"), [this] { return m_principal.clientId; }, row);
    copyClient->setObjectName(u"copyClientIdButton"_s);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_environment);
    layout->addWidget(m_name, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{copyClient, m_getToken, m_toggleClaims, m_lifecycle, edit, remove})
        layout->addWidget(widget);
    connect(m_getToken, &QPushButton::clicked, this, &PrincipalHeader::acquireToken);
    connect(m_toggleClaims, &QToolButton::toggled, m_claimTable, &QWidget::setVisible);
    connect(edit, &QToolButton::clicked, this, &PrincipalHeader::editRequested);
    connect(remove, &QToolButton::clicked, this, [this] { m_removal->setVisible(!m_removal->isVisible()); });
    return row;
}

void PrincipalHeader::connectLifecycle()
{
    connect(m_lifecycle, &LifecycleMenu::rotateRequested, this, &PrincipalHeader::rotateRequested);
    connect(m_lifecycle, &LifecycleMenu::retireRequested, this, &PrincipalHeader::retireRequested);
    connect(m_lifecycle, &LifecycleMenu::begun, m_error, &ErrorPanel::clear);
    connect(m_lifecycle, &LifecycleMenu::failed, m_error, &ErrorPanel::setError);
    connect(m_lifecycle, &LifecycleMenu::told, this, [this](const QString &sentence) {
        m_told->setText(sentence);
        m_told->show();
    });
}

QWidget *PrincipalHeader::makePending()
{
    m_pending = new QWidget(this);
    m_pending->setObjectName(u"pendingRotation"_s);
    m_pendingText = plainLabel({}, m_pending);
    auto *go = new QPushButton(tr("Go on …"), m_pending);
    go->setObjectName(u"resumeRotationButton"_s);
    auto *layout = new QHBoxLayout(m_pending);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->addWidget(m_pendingText, 1);
    layout->addWidget(go);
    connect(go, &QPushButton::clicked, this, &PrincipalHeader::rotateRequested);
    m_pending->hide();
    return m_pending;
}

void PrincipalHeader::lookForRotation()
{
    const auto journal = Lifecycle::RotationJournal(m_services.vault.folder()).read(m_principal.id);
    m_pending->setVisible(!journal || *journal);
    if (!journal)
        m_pendingText->setText(journal.error().message);
    else if (*journal)
        m_pendingText->setText(
            tr("The rotation of its %1, begun on %2, is not ended; a working one is kept.")
                .arg(RotationWords((*journal)->isOfCertificate()).noun(),
                     (*journal)->startedAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s)));
}

// Removing asks for the name, in place.
void PrincipalHeader::makeRemoval()
{
    m_removal = new NameConfirmation(tr("Remove"), tr("Name of the principal to remove"), this);
    m_removal->setObjectNames(u"removeNameField"_s, u"confirmRemoveButton"_s);
    connect(m_removal, &NameConfirmation::confirmed, this, [this] {
        m_removal->clear();
        m_removal->hide();
        emit removeConfirmed();
    });
    m_removal->hide();
}

void PrincipalHeader::setPrincipal(const ServicePrincipal &principal)
{
    const bool same = principal.id == m_principal.id;
    m_principal = principal;
    const QString word = principal.environment.name;
    m_environment->setText(word.isEmpty() ? QString() : word.toUpper());
    m_environment->setVisible(!word.isEmpty());
    const QColor color = environmentColor(word, palette());
    m_environment->setStyleSheet(u"QLabel { color: %1; border: 1px solid %1; border-radius: 4px; padding: 2px 7px; font-weight: bold; }"_s.arg(color.name()));
    m_name->setFullText(principal.name);
    m_ids->setFullText(tr("tenant %1 · client %2 · cloud %3").arg(principal.tenant, principal.clientId, principal.cloud));
    const QString foreign = foreignCloudNote(principal.cloud);
    m_cloud->setFullText(foreign);
    m_cloud->setVisible(!foreign.isEmpty());
    if (!same) {
        dropToken();
        m_error->clear();
        m_removal->hide();
        m_told->hide();
    }
    m_removal->setSubject(tr("Forgets “%1” and deletes its %2. Nothing in Azure is changed, and files that were saved stay. Type its name to confirm:")
                              .arg(principal.name, principal.credential == ServicePrincipal::Credential::FederatedToken ? tr("entry in the index")
                                                   : principal.credential == ServicePrincipal::Credential::Certificate ? tr("certificate and key from the keychain")
                                                                                                                       : tr("secret from the keychain")),
                          principal.name);
    m_lifecycle->setPrincipal(principal);
    lookForRotation();
    updateFacts();
}

void PrincipalHeader::dropToken()
{
    m_work.reset();
    m_token = {};
    m_claims.reset();
    m_toggleClaims->setChecked(false);
    m_toggleClaims->setEnabled(false);
    m_getToken->setEnabled(true);
    updateFacts();
}

void PrincipalHeader::acquireToken()
{
    m_error->clear();
    m_getToken->setEnabled(false);
    m_work = std::make_unique<QObject>();
    Services::signIn(m_services, m_principal, u"storage"_s, m_work.get(), [this](const Core::Result<Services::SignedIn> &session) {
        m_getToken->setEnabled(true);
        if (!session) {
            m_token = {};
            m_toggleClaims->setChecked(false);
            m_toggleClaims->setEnabled(false);
            m_error->setError(session.error());
        } else {
            m_token = session->token;
            m_claims = Identity::TokenClaims::decode(m_token.value);
            m_toggleClaims->setEnabled(m_claims.has_value());
            m_claimTable->setClaims(m_claims.value_or(Identity::TokenClaims()));
        }
        updateFacts();
    });
}

void PrincipalHeader::updateFacts()
{
    const QDateTime now = m_services.clock.now();
    QStringList facts;
    if (const QString end = endInWords(m_principal, now); !end.isEmpty())
        facts.append(end);
    const qint64 seconds = m_token.value.isEmpty() ? 0 : now.secsTo(m_token.expiresAt);
    facts.append(m_token.value.isEmpty() ? tr("no token yet") : seconds <= 0 ? tr("token expired") : tr("token valid for %1 more min").arg(seconds / 60));
    if (m_claims && !m_token.value.isEmpty())
        facts.append(tr("signed in as object %1").arg(m_claims->objectId));
    m_facts->setFullText(facts.join(u" · "_s));
}

} // namespace Ui
