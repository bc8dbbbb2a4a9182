#include "ui/expiry/expirypage.h"

#include "core/atomicfile.h"
#include "core/clock.h"
#include "identity/expiry.h"
#include "ui/expiry/endcalendar.h"
#include "ui/models/expirymodel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

ExpiryPage::ExpiryPage(const Core::Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_clock(clock)
{
    setObjectName(u"expiryPage"_s);
    m_model = new ExpiryModel(this);
    m_calendar = new EndCalendar(this);
    m_error = new ErrorPanel(this);
    m_summary = plainLabel({}, this);
    m_summary->setObjectName(u"expirySummary"_s);
    m_saved = quietLabel({}, this);
    m_saved->setObjectName(u"calendarSaved"_s);
    makeTable();
    auto *content = new QHBoxLayout;
    content->addWidget(m_calendar, 0, Qt::AlignTop);
    content->addWidget(m_table, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->addWidget(makeBar());
    layout->addWidget(m_summary);
    layout->addWidget(m_error);
    layout->addLayout(content, 1);
    layout->addWidget(m_saved);
    connect(m_calendar, &QCalendarWidget::clicked, this, &ExpiryPage::selectDay);
    connect(m_calendar, &QCalendarWidget::activated, this, &ExpiryPage::selectDay);
}

QWidget *ExpiryPage::makeBar()
{
    auto *bar = new QWidget(this);
    auto *save = new QPushButton(tr("Save &calendar file …"), bar);
    save->setObjectName(u"saveCalendarButton"_s);
    save->setToolTip(
        tr("iCalendar: names and days, nothing secret; reminds 30, 7 and 1 days before"));
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(titleLabel(tr("When do credentials end?"), bar), 1);
    layout->addWidget(save);
    connect(save, &QPushButton::clicked, this, &ExpiryPage::askWhereTo);
    return bar;
}

void ExpiryPage::makeTable()
{
    m_table = new QTableView(this);
    m_table->setObjectName(u"expiryTable"_s);
    m_table->setAccessibleName(tr("Ends of credentials"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const auto open = [this](const QModelIndex &index) {
        emit opened(index.data(ExpiryModel::IdRole).toString());
    };
    connect(m_table, &QTableView::activated, this, open);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                const QDate day = index.data(ExpiryModel::DayRole).toDate();
                if (day.isValid())
                    m_calendar->setSelectedDate(day);
            });
}

void ExpiryPage::setPrincipals(const QList<Identity::ServicePrincipal> &principals)
{
    m_principals = principals;
    m_model->setPrincipals(principals, m_clock.now());
    m_calendar->setEnds(m_model->entries(), m_clock.now());
    m_table->resizeColumnsToContents();
    for (int column = 0; column < ExpiryModel::Left; ++column)
        m_table->setColumnWidth(column, m_table->columnWidth(column) + fontMetrics().height());
    const int pressing = m_model->pressing();
    const qsizetype unknown =
        std::count_if(m_model->entries().cbegin(), m_model->entries().cend(), [](const auto &one) {
            return one.state == Identity::Expiry::State::Unknown;
        });
    QStringList words{pressing == 0   ? tr("None has ended or ends within 30 days.")
                      : pressing == 1 ? tr("One has ended or ends within 30 days.")
                                      : tr("%1 have ended or end within 30 days.").arg(pressing)};
    if (unknown > 0)
        words.append(unknown == 1 ? tr("The end of one is not known here.")
                                  : tr("The ends of %1 are not known here.").arg(unknown));
    m_summary->setText(words.join(u' '));
}

void ExpiryPage::selectDay(const QDate &day)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        if (index.data(ExpiryModel::DayRole).toDate() == day)
            return m_table->setCurrentIndex(index);
    }
    m_table->clearSelection();
}

void ExpiryPage::askWhereTo()
{
    auto *dialog = new QFileDialog(this, tr("Save the ends as a calendar"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Calendar files (*.ics)"));
    dialog->setDefaultSuffix(u"ics"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &ExpiryPage::save);
    dialog->open();
}

void ExpiryPage::save(const QString &path)
{
    m_error->clear();
    m_saved->clear();
    const auto written =
        Core::writeFileAtomically(path, Identity::calendarOf(m_principals, m_clock.now()));
    if (!written)
        return m_error->setError(written.error());
    m_saved->setText(tr("Saved to %1").arg(path));
}

} // namespace Ui
