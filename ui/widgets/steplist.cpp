#include "ui/widgets/steplist.h"

namespace Ui {

using namespace Qt::StringLiterals;

StepList::StepList(QWidget *parent)
    : QListWidget(parent)
{
    setObjectName(u"steps"_s);
    setAccessibleName(tr("Steps"));
    setWordWrap(true);
    setSelectionMode(QAbstractItemView::NoSelection);
    setMinimumHeight(fontMetrics().height() * 8);
    hide();
}

void StepList::restart()
{
    clear();
    hide();
}

void StepList::begin(const QString &text)
{
    succeed();
    auto *item = new QListWidgetItem(this);
    item->setData(Qt::UserRole, text);
    item->setToolTip(text.toHtmlEscaped());
    mark(u'⟳', tr("under way"));
    scrollToItem(item);
    show();
}

void StepList::succeed()
{
    mark(u'✔', tr("done"));
}

void StepList::fail()
{
    mark(u'✖', tr("failed"));
}

// Shape and word, so that neither colour nor sight is needed.
void StepList::mark(QChar sign, const QString &word)
{
    QListWidgetItem *last = count() > 0 ? item(count() - 1) : nullptr;
    if (!last)
        return;
    const QString text = last->data(Qt::UserRole).toString();
    last->setText(u"%1  %2"_s.arg(sign).arg(text));
    last->setData(Qt::AccessibleTextRole, u"%1: %2"_s.arg(text, word));
}

} // namespace Ui
