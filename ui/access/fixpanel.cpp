#include "ui/access/fixpanel.h"

#include "ui/models/fixmodel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tables.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::WantedCell;
using Suggestions = QList<FixModel::Suggestion>;

namespace {

// What was observed counts; what was not, as the roles predict it.
bool isDenied(const Cell &cell)
{
    if (cell.observed == Observation::Allowed || cell.observed == Observation::Denied)
        return cell.observed == Observation::Denied;
    return cell.predictionKnown && cell.predicted == Access::Decision::Denied;
}

bool isAllowed(const Cell &cell)
{
    return cell.observed == Observation::Allowed;
}

} // namespace

FixPanel::FixPanel(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"fixPanel"_s);
    m_model = new FixModel(this);
    m_title = plainLabel({}, this);
    m_title->setObjectName(u"fixTitle"_s);
    m_table = plainTable(m_model, tr("Changes that would do it"), this);
    m_table->setObjectName(u"fixTable"_s);
    m_table->horizontalHeader()->setSectionResizeMode(FixModel::Effect, QHeaderView::Stretch);
    m_command = new ElidedLabel(this);
    m_command->setObjectName(u"fixCommand"_s);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy = copyButton(
        tr("az command"), [this] { return m_command->fullText(); }, this);
    m_copy->setObjectName(u"copyFixButton"_s);
    auto *commandRow = new QHBoxLayout;
    commandRow->addWidget(m_command, 1);
    commandRow->addWidget(m_copy);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_table, 100);
    layout->addLayout(commandRow);
    layout->addStretch(1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FixPanel::showCommand);
    connect(m_model, &QAbstractItemModel::modelReset, this, &FixPanel::showCommand);
    search();
}

void FixPanel::setRights(std::shared_ptr<const Access::AuthorizationFacts> rights)
{
    m_rights = std::move(rights);
    setChosen(m_chosen);
}

void FixPanel::setChosen(const QList<Cell> &cells)
{
    m_chosen = cells;
    m_stale = true;
    if (isVisible())
        search();
}

void FixPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        search();
}

void FixPanel::search()
{
    m_stale = false;
    ++m_search;
    m_model->setSuggestions({});
    m_table->setVisible(false);
    if (!m_rights)
        return m_title->setText(tr("No role assignments were read: choose at “Roles seen by” who "
                                   "reads them, and check again."));
    QList<WantedCell> wanted;
    for (const Cell &cell : m_chosen) {
        if (isDenied(cell))
            wanted.append({cell.container, cell.operation});
    }
    if (!wanted.isEmpty())
        return searchFixes(wanted, static_cast<int>(m_chosen.size()));
    if (m_chosen.size() == 1 && isAllowed(m_chosen.first()))
        return searchOverGrants({m_chosen.first().container, m_chosen.first().operation});
    m_title->setText(tr("Choose denied cells to see which roles would allow all of them, or one "
                        "allowed cell to see what grants it."));
}

void FixPanel::searchFixes(const QList<WantedCell> &wanted, int chosen)
{
    m_title->setText(tr("Looking for the smallest fix …"));
    const auto find = [rights = m_rights, wanted] {
        return FixModel::suggestions(
            Access::smallestFixes(*rights, wanted, QDateTime::currentDateTimeUtc()));
    };
    const auto denied = static_cast<int>(wanted.size());
    // Hundreds of roles are tried against every operation: off the GUI thread.
    inBackground<Suggestions>(
        this, find, [this, denied, chosen, search = m_search](const Suggestions &found) {
            if (search != m_search)
                return;
            const QString what =
                chosen == 1 ? tr("this")
                            : tr("the %1 denied of %2 chosen cells").arg(denied).arg(chosen);
            m_model->setSuggestions(found);
            m_table->setVisible(!found.isEmpty());
            m_title->setText(
                found.isEmpty()
                    ? tr("No single role that is known would allow %1: where a deny assignment or "
                         "the "
                         "network refuses, no role helps.")
                          .arg(what)
                    : tr("One of these would allow %1; the first grants least besides.").arg(what));
            m_table->selectRow(0);
        });
}

void FixPanel::searchOverGrants(const WantedCell &unwanted)
{
    m_title->setText(tr("Looking for what grants it …"));
    const auto find = [rights = m_rights, unwanted] {
        return FixModel::suggestions(
            Access::overGrants(*rights, {unwanted}, QDateTime::currentDateTimeUtc()));
    };
    inBackground<Suggestions>(this, find, [this, search = m_search](const Suggestions &found) {
        if (search != m_search)
            return;
        m_model->setSuggestions(found);
        m_table->setVisible(!found.isEmpty());
        m_title->setText(found.isEmpty()
                             ? tr("No role assignment that was read grants this.")
                             : tr("Where this should not be allowed, this is what grants it, and "
                                  "what dropping it would take besides."));
        m_table->selectRow(0);
    });
}

void FixPanel::showCommand()
{
    const QString command = m_table->currentIndex().data(FixModel::CommandRole).toString();
    m_command->setFullText(command);
    m_command->setVisible(!command.isEmpty());
    m_copy->setVisible(!command.isEmpty());
}

} // namespace Ui
