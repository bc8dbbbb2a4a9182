#include "ui/access/checkbar.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

namespace {

enum Predict { Off, Self, Az, File };

} // namespace

CheckBar::CheckBar(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeFirstLine());
    layout->addWidget(makeSecondLine());
    connect(m_check, &QPushButton::clicked, this, &CheckBar::checkRequested);
    connect(m_account->lineEdit(), &QLineEdit::returnPressed, this, &CheckBar::checkRequested);
    connect(m_containers, &QLineEdit::returnPressed, this, &CheckBar::checkRequested);
    connect(m_cancel, &QPushButton::clicked, this, &CheckBar::cancelRequested);
    connect(m_predict, &QComboBox::activated, this, &CheckBar::predictChosen);
    setPredictName(u"self"_s);
    setChecking(false);
}

QWidget *CheckBar::makeFirstLine()
{
    auto *line = new QWidget(this);
    m_account = new QComboBox(line);
    m_account->setObjectName(u"accountField"_s);
    m_account->setAccessibleName(tr("Storage account"));
    m_account->setEditable(true);
    m_account->setInsertPolicy(QComboBox::NoInsert);
    m_account->lineEdit()->setAccessibleName(m_account->accessibleName());
    m_account->lineEdit()->setPlaceholderText(tr("https://ACCOUNT.blob.core.windows.net"));
    m_account->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_account->setMinimumContentsLength(12);
    m_account->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_check = new QPushButton(tr("Check access"), line);
    m_check->setObjectName(u"checkButton"_s);
    m_check->setDefault(true);
    m_cancel = new QPushButton(tr("Cancel"), line);
    m_cancel->setObjectName(u"cancelCheckButton"_s);
    m_progress = new QProgressBar(line);
    m_progress->setAccessibleName(tr("Progress of the check"));
    m_progress->setMaximumWidth(150);
    m_progress->setFormat(tr("%v of %m"));
    auto *label = new QLabel(tr("Acc&ount"), line);
    label->setBuddy(m_account);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{label, m_account, m_check, m_cancel, m_progress})
        layout->addWidget(widget);
    return line;
}

QWidget *CheckBar::makeSecondLine()
{
    auto *line = new QWidget(this);
    m_containers = new QLineEdit(line);
    m_containers->setObjectName(u"containersField"_s);
    m_containers->setAccessibleName(tr("Containers to check"));
    m_containers->setPlaceholderText(tr("all that can be listed"));
    m_containers->setToolTip(
        tr("Names of containers, separated by blanks: for principals that may not list them"));
    m_containers->setMinimumWidth(fontMetrics().averageCharWidth() * 12);
    m_predict = new QComboBox(line);
    m_predict->setObjectName(u"predictField"_s);
    m_predict->setAccessibleName(tr("Through whose eyes the roles are read"));
    m_predict->setToolTip(tr("Puts what the role assignments promise beside what is observed"));
    m_predict->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_predict->setMinimumContentsLength(16);
    m_predict->insertItem(Off, tr("not read"), u"off"_s);
    m_predict->insertItem(Self, tr("the principal itself"), u"self"_s);
    m_predict->insertItem(Az, tr("operator signed in to az"), u"az"_s);
    m_predict->insertItem(File, tr("a file …"), QString());
    auto *containersLabel = new QLabel(tr("&Containers"), line);
    containersLabel->setBuddy(m_containers);
    auto *predictLabel = new QLabel(tr("&Roles seen by"), line);
    predictLabel->setBuddy(m_predict);
    m_tools = new QHBoxLayout(line);
    m_tools->setContentsMargins(0, 0, 0, 0);
    m_tools->addWidget(containersLabel);
    m_tools->addWidget(m_containers, 1);
    m_tools->addWidget(predictLabel);
    m_tools->addWidget(m_predict, 1);
    return line;
}

void CheckBar::addTool(QWidget *tool)
{
    m_tools->addWidget(tool);
}

void CheckBar::setPrincipal(const Identity::ServicePrincipal &principal, bool same)
{
    const QString typed = m_account->currentText();
    m_account->clear();
    for (const QUrl &account : principal.accounts)
        m_account->addItem(account.toString());
    if (same) {
        m_account->setCurrentText(typed);
        return;
    }
    m_containers->clear();
    m_account->setCurrentIndex(m_account->count() > 0 ? 0 : -1);
}

void CheckBar::setChecking(bool checking)
{
    m_check->setEnabled(!checking);
    m_cancel->setVisible(checking);
    m_progress->setVisible(checking);
    m_progress->setMaximum(0);
}

void CheckBar::setProgress(int done, int total)
{
    m_progress->setMaximum(total);
    m_progress->setValue(done);
}

QString CheckBar::account() const
{
    return m_account->currentText();
}

QStringList CheckBar::containers() const
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    return m_containers->text().split(separators, Qt::SkipEmptyParts);
}

QString CheckBar::predictName() const
{
    return m_predict->currentData().toString();
}

std::optional<Services::RightsSource> CheckBar::predict() const
{
    if (m_predict->currentIndex() == Off)
        return std::nullopt;
    return Services::RightsSource::named(predictName());
}

void CheckBar::setPredictName(const QString &name)
{
    const int index = m_predict->findData(name);
    if (index < 0 && !name.isEmpty())
        return takeFile(name);
    m_lastPredict = index < 0 || name.isEmpty() ? Self : index;
    m_predict->setCurrentIndex(m_lastPredict);
}

void CheckBar::predictChosen(int index)
{
    if (index != File) {
        m_lastPredict = index;
        return;
    }
    auto *dialog = new QFileDialog(this, tr("Role assignments that somebody exported"));
    dialog->setObjectName(u"predictFileDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("JSON files (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &CheckBar::takeFile);
    connect(dialog, &QFileDialog::rejected, this,
            [this] { m_predict->setCurrentIndex(m_lastPredict); });
    dialog->open();
}

void CheckBar::takeFile(const QString &path)
{
    m_predict->setItemText(File, tr("the file %1 …").arg(QFileInfo(path).fileName()));
    m_predict->setItemData(File, path);
    m_lastPredict = File;
    m_predict->setCurrentIndex(File);
}

} // namespace Ui
