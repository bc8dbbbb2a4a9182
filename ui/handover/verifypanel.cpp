#include "ui/handover/verifypanel.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Handover::ConsumerAnswer;
using State = ConsumerAnswer::State;

namespace {

QString names(const QList<QByteArray> &list)
{
    QStringList texts;
    for (const QByteArray &name : list)
        texts.append(QString::fromUtf8(name));
    return texts.join(u", "_s);
}

} // namespace

VerifyPanel::VerifyPanel(QWidget *parent)
    : QWidget(parent)
{
    m_button = new QPushButton(tr("Verify"), this);
    m_button->setObjectName(u"verifyButton"_s);
    m_button->setToolTip(tr("The programs installed here read it, by a pipe or from memory"));
    m_summary = plainLabel({}, this);
    m_summary->setObjectName(u"verifySummary"_s);
    m_summary->setWordWrap(true);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(u"verifyList"_s);
    m_list->setAccessibleName(tr("What each program read"));
    m_list->setHeaderLabels({tr("Program"), tr("Reads")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_list->setMaximumHeight(fontMetrics().lineSpacing() * 10);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_summary);
    layout->addWidget(m_list);
    hide();

    connect(m_button, &QPushButton::clicked, this, &VerifyPanel::press);
    connect(&m_check, &Handover::ConsumerCheck::answered, this, &VerifyPanel::add);
    connect(&m_check, &Handover::ConsumerCheck::finished, this, [this] {
        finish(m_bad > 0
                   ? tr("Not everybody reads what is meant: see the ✖ below.")
                   : tr("Read back exactly by all that could be asked here: %1.").arg(m_good));
    });
}

void VerifyPanel::press()
{
    if (!m_check.isRunning())
        return emit requested();
    m_check.cancel();
    finish(tr("Cancelled."));
}

void VerifyPanel::start(const EnvFile::Format &format, const EnvFile::Variables &variables)
{
    clear();
    m_button->setText(tr("Cancel"));
    m_summary->setText(tr("The programs here are reading it …"));
    show();
    m_check.start(format, variables, Handover::consumersOf(format));
}

void VerifyPanel::clear()
{
    m_check.cancel();
    m_button->setText(tr("Verify"));
    m_list->clear();
    m_good = m_bad = 0;
    hide();
}

void VerifyPanel::add(const ConsumerAnswer &answer)
{
    QString text;
    switch (answer.state) {
    case State::AsMeant:
        ++m_good;
        text = tr("✔ every variable as meant");
        break;
    case State::Otherwise:
        ++m_bad;
        text = answer.astray.isEmpty() ? u"✖ "_s + answer.why
                                       : tr("✖ otherwise: %1").arg(names(answer.astray));
        break;
    case State::NotHere: text = tr("· not installed here"); break;
    case State::NotAsked: text = tr("? not asked: %1").arg(answer.why); break;
    }
    auto *item = new QTreeWidgetItem(m_list, {answer.consumer, text});
    item->setToolTip(1, text.toHtmlEscaped());
    if (answer.state == State::Otherwise)
        item->setForeground(1, observationColor(Access::Observation::Denied, palette()));
    else if (answer.state == State::AsMeant)
        item->setForeground(1, observationColor(Access::Observation::Allowed, palette()));
    else
        item->setForeground(1, dimmed(palette()));
}

void VerifyPanel::finish(const QString &summary)
{
    m_button->setText(tr("Verify"));
    m_summary->setText(m_list->topLevelItemCount() > 1
                           ? summary
                           : summary + u' ' +
                                 tr("No other program that could be asked on this machine is known "
                                    "for this format."));
}

} // namespace Ui
