#include "ui/activity/activitypage.h"

#include "ui/models/activitymodel.h"
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

ActivityPage::ActivityPage(Http::ActivityLog &log, QWidget *parent) : QWidget(parent)
{
    auto *model = new ActivityModel(log, this);
    auto *filtered = new QSortFilterProxyModel(this);
    filtered->setSourceModel(model);
    filtered->setFilterKeyColumn(-1);
    filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto *filter = new QLineEdit(this);
    filter->setObjectName(u"activityFilter"_s);
    filter->setAccessibleName(tr("Filter requests"));
    filter->setPlaceholderText(tr("Filter"));
    filter->setClearButtonEnabled(true);
    auto *copy = new QPushButton(tr("Copy as curl"), this);
    copy->setObjectName(u"copyCurlButton"_s);
    copy->setToolTip(tr("The token is left out: set TOKEN before you run it"));
    auto *clear = new QPushButton(tr("Clear"), this);
    clear->setObjectName(u"clearActivityButton"_s);

    auto *view = new QTableView(this);
    view->setObjectName(u"activityTable"_s);
    view->setAccessibleName(tr("Requests"));
    view->setModel(filtered);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setShowGrid(false);
    view->setAlternatingRowColors(true);
    view->setTextElideMode(Qt::ElideMiddle);
    view->setWordWrap(false);
    view->verticalHeader()->hide();
    view->horizontalHeader()->setSectionResizeMode(ActivityModel::Url, QHeaderView::Stretch);
    const QFontMetrics metrics = view->fontMetrics();
    const auto width = [&](int column, const QString &sample) { view->setColumnWidth(column, metrics.horizontalAdvance(sample) + 20); };
    width(ActivityModel::Time, u"00:00:00.000"_s);
    width(ActivityModel::Verb, u"DELETE"_s);
    width(ActivityModel::Status, u"Status"_s);
    width(ActivityModel::Code, u"AuthorizationPermissionMis"_s);
    width(ActivityModel::Duration, u"00000 ms"_s);
    width(ActivityModel::RequestId, u"00000000-0000-0000-0000-000"_s);

    auto *bar = new QHBoxLayout;
    bar->addWidget(filter, 1);
    bar->addWidget(copy);
    bar->addWidget(clear);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(view, 1);
    layout->addWidget(quietLabel(tr("Tokens and secrets are never kept here."), this));

    connect(filter, &QLineEdit::textChanged, filtered, &QSortFilterProxyModel::setFilterFixedString);
    connect(clear, &QPushButton::clicked, &log, &Http::ActivityLog::clear);
    copy->setEnabled(false);
    connect(view->selectionModel(), &QItemSelectionModel::currentChanged, copy, [copy](const QModelIndex &current) { copy->setEnabled(current.isValid()); });
    connect(copy, &QPushButton::clicked, view, [view, filtered, model] {
        QApplication::clipboard()->setText(model->curl(filtered->mapToSource(view->currentIndex())));
    });
}

} // namespace Ui
