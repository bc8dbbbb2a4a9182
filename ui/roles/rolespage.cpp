#include "ui/roles/rolespage.h"

#include "services/lifecycleparts.h"
#include "services/services.h"
#include "ui/models/assignmenttree.h"
#include "ui/roles/roledetail.h"
#include "ui/roles/rolesearch.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/nameconfirmation.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Core::Error;
using Core::Result;

RolesPage::RolesPage(Services::Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    m_tree = new AssignmentTree(this);
    m_view = new QTreeView(this);
    m_view->setObjectName(u"assignments"_s);
    m_view->setAccessibleName(tr("Role assignments by place"));
    m_view->setModel(m_tree);
    m_view->setAlternatingRowColors(true);
    m_view->setUniformRowHeights(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->header()->setStretchLastSection(true);
    m_error = new ErrorPanel(this);
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"rolesStatus"_s);

    m_removal = new NameConfirmation(tr("Remove"), tr("Name of the role to remove"), this);
    m_removal->setObjectNames(u"removeAssignmentNameField"_s, u"confirmRemoveAssignment"_s);
    m_removal->hide();
    connect(m_removal, &NameConfirmation::confirmed, this, [this] { remove(m_leaving); });
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_view);
    splitter->addWidget(makeSide());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    layout->addWidget(m_removal);
    layout->addWidget(m_error);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_status);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RolesPage::showCurrent);
    setBusy({});
    setMayChange(false, tr("Read the roles first."));
}

RolesPage::~RolesPage() = default;

QWidget *RolesPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_read = new QPushButton(tr("Rea&d roles"), bar);
    m_cancel = new QPushButton(tr("Cancel"), bar);
    m_operator = new QPushButton(tr("&Operator…"), bar);
    m_operator->setObjectName(u"operatorButton"_s);
    m_operator->setToolTip(tr("Who is signed in to change roles; sign in and out"));
    auto *registering = new QPushButton(tr("Register …"), bar);
    registering->setObjectName(u"registerFromRoles"_s);
    registering->setToolTip(tr("Makes a new application in Entra ID and keeps it here"));
    m_assign = new QPushButton(tr("Assi&gn a role…"), bar);
    m_remove = new QPushButton(tr("Re&move…"), bar);
    m_assign->setObjectName(u"assignRole"_s);
    m_remove->setObjectName(u"removeAssignment"_s);
    m_read->setObjectName(u"readRoles"_s);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_read);
    layout->addWidget(m_cancel);
    layout->addStretch(1);
    layout->addWidget(m_operator);
    layout->addWidget(registering);
    layout->addWidget(m_assign);
    layout->addWidget(m_remove);
    connect(registering, &QPushButton::clicked, this, &RolesPage::registerRequested);
    connect(m_read, &QPushButton::clicked, this, &RolesPage::read);
    connect(m_cancel, &QPushButton::clicked, this, &RolesPage::cancel);
    connect(m_operator, &QPushButton::clicked, this, &RolesPage::openOperator);
    connect(m_assign, &QPushButton::clicked, this, &RolesPage::openAssign);
    connect(m_remove, &QPushButton::clicked, this, &RolesPage::askRemove);
    return bar;
}

// The chosen assignment's role, and all the others, to find out which one would do.
QWidget *RolesPage::makeSide()
{
    auto *side = new QTabWidget(this);
    side->setObjectName(u"rolesSide"_s);
    side->setDocumentMode(true);
    m_detail = new RoleDetail(side);
    side->addTab(m_detail, tr("Ch&osen"));
    auto *finder = new QWidget(side);
    auto *search = new RoleSearch(tr("Find a role"), finder);
    auto *found = new RoleDetail(finder);
    auto *layout = new QVBoxLayout(finder);
    layout->addWidget(search, 1);
    layout->addWidget(found, 1);
    connect(search, &RoleSearch::changed, found,
            [search, found] { found->show(nullptr, search->role()); });
    side->addTab(finder, tr("&Find a role"));
    return side;
}

void RolesPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    if (principal.id != m_principal.id) {
        cancel();
        m_tree->setAssignments({}, {});
        m_error->clear();
        m_objectId.clear();
        m_parts.reset();
        m_status->setText(tr("Nothing was asked yet."));
        setMayChange(false, tr("Read the roles first."));
        showCurrent();
    }
    m_principal = principal;
}

void RolesPage::read()
{
    cancel();
    m_error->clear();
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(m_principal.cloud);
    if (!cloud)
        return fail(cloud.error());
    m_cloud = *cloud;
    // Through the operator's eyes where somebody is signed in, else through its own: it may be
    // allowed to look.
    const bool signedIn =
        m_services.operators.find(m_principal.cloud, m_principal.tenant).has_value();
    readAs(signedIn ? std::nullopt : std::optional(m_principal));
}

void RolesPage::readAs(const std::optional<Identity::ServicePrincipal> &actor)
{
    m_work = std::make_unique<QObject>();
    m_asItself = actor.has_value();
    m_parts.emplace(
        Services::lifecycleParts(m_services, m_principal.cloud, m_principal.tenant, actor));
    setBusy(actor ? tr("Reading as the principal itself; nobody is signed in as operator.")
                  : tr("Reading as the operator."));
    Services::objectIdOf(m_services, *m_parts, m_principal, m_work.get(),
                         [this](const Result<QString> &id) {
                             if (!id)
                                 return fail(id.error());
                             m_objectId = *id;
                             Services::assignmentsEverywhere(
                                 *m_parts, m_cloud, *id, m_work.get(),
                                 [this](const Result<Services::FoundAssignments> &found) {
                                     if (!found)
                                         return fail(found.error());
                                     showAssignments(*found);
                                 });
                         });
}

void RolesPage::showAssignments(const Services::FoundAssignments &found)
{
    const QList<RoleAssignment> &assignments = found.assignments;
    m_tree->setAssignments(assignments, Azure::builtInRoles());
    m_view->expandAll();
    m_view->resizeColumnToContents(AssignmentTree::Place);
    setBusy({});
    m_status->setText(assignments.isEmpty()
                          ? tr("No role assignment names it, as far as was to be seen. Those of "
                               "its groups are not shown.")
                      : assignments.size() == 1
                          ? tr("1 assignment names it. Those of its groups are not shown.")
                          : tr("%1 assignments name it. Those of its groups are not shown.")
                                .arg(assignments.size()));
    if (!found.unread.isEmpty())
        m_status->setText(m_status->text() + u' ' +
                          tr("Not everything may be listed here: of %1 only the storage accounts "
                             "were searched.")
                              .arg(found.unread.join(u", "_s)) +
                          (m_asItself ? tr(" To see the rest by the rights of a person, sign in "
                                           "as operator.")
                                      : QString()));
    setMayChange(false, tr("Choose a place."));
    if (m_tree->rowCount() > 0)
        m_view->setCurrentIndex(m_tree->index(0, 0));
    showCurrent();
}

void RolesPage::showCurrent()
{
    m_removal->hide();
    const QModelIndex index = m_view->currentIndex();
    const RoleAssignment *assignment = m_tree->assignment(index);
    const auto *role = assignment ? m_tree->role(assignment->roleDefinitionId) : nullptr;
    m_detail->show(assignment, role);
    const QString scope = index.data(AssignmentTree::ScopeRole).toString();
    if (const auto place = Azure::Scope::parse(scope); place && m_parts)
        askWhatMayBeDone(*place);
}

void RolesPage::cancel()
{
    m_work.reset();
    m_asking.reset();
    setBusy({});
}

void RolesPage::setBusy(const QString &what)
{
    m_read->setEnabled(what.isEmpty());
    m_cancel->setEnabled(!what.isEmpty());
    m_status->setText(what);
}

void RolesPage::fail(const Error &error)
{
    setBusy({});
    m_error->setError(error);
    if (m_asItself)
        m_status->setText(tr("Asked as the principal itself. To see by the rights of a person, "
                             "sign in as operator."));
}

} // namespace Ui
