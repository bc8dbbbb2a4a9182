#include "ui/access/contractpanel.h"

#include "access/contractremedies.h"
#include "core/atomicfile.h"
#include "report/wording.h"
#include "ui/models/checksummary.h"
#include "ui/models/contractmodel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tables.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Contract;
using State = Access::ContractResult::State;

ContractPanel::ContractPanel(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"contractPanel"_s);
    m_model = new ContractModel(this);
    m_title = plainLabel({}, this);
    m_title->setObjectName(u"contractTitle"_s);
    m_error = new ErrorPanel(this);
    m_table = plainTable(m_model, tr("Clauses of the contract"), this);
    m_table->setObjectName(u"clauseTable"_s);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(makeButtons());
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_error);
    m_lists = new QSplitter(this);
    m_lists->setChildrenCollapsible(false);
    m_lists->addWidget(m_table);
    m_lists->addWidget(makeRemedies());
    m_lists->setStretchFactor(0, 3);
    m_lists->setStretchFactor(1, 2);
    layout->addWidget(m_lists, 100);
    layout->addStretch(1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (const auto *clause = m_model->clauseAt(index);
                    clause && !clause->operation.isEmpty())
                    emit clauseChosen(clause->container, clause->operation);
            });
    compare();
}

QWidget *ContractPanel::makeButtons()
{
    auto *box = new QWidget(this);
    m_make = new QPushButton(tr("Make from this matrix …"), box);
    m_make->setObjectName(u"makeContractButton"_s);
    auto *openButton = new QPushButton(tr("Open …"), box);
    openButton->setObjectName(u"openContractButton"_s);
    openButton->setAccessibleName(tr("Open a contract"));
    m_close = new QPushButton(tr("Close"), box);
    m_close->setObjectName(u"closeContractButton"_s);
    m_close->setAccessibleName(tr("Close the contract"));
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QPushButton *button : {m_make, openButton, m_close})
        layout->addWidget(button);
    connect(m_make, &QPushButton::clicked, this, &ContractPanel::make);
    connect(openButton, &QPushButton::clicked, this, &ContractPanel::open);
    connect(m_close, &QPushButton::clicked, this, [this] { setPath({}); });
    return box;
}

QWidget *ContractPanel::makeRemedies()
{
    m_remedyBox = new QWidget(this);
    m_remedies = plainLabel({}, m_remedyBox);
    m_remedies->setObjectName(u"contractRemedies"_s);
    m_remedies->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto *copy = copyButton(
        tr("az commands"),
        [this] {
            QStringList commands;
            for (const Access::Finding &one : m_result->remedies) {
                if (!one.command.isEmpty())
                    commands.append(one.command);
            }
            return commands.join(u'\n');
        },
        m_remedyBox);
    auto *top = new QHBoxLayout;
    top->addWidget(quietLabel(tr("What would mend it"), m_remedyBox), 1);
    top->addWidget(copy);
    auto *layout = new QVBoxLayout(m_remedyBox);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(scrolled(m_remedies));
    return m_remedyBox;
}

void ContractPanel::setReport(const std::optional<AccessReport> &report,
                              std::shared_ptr<const Access::AuthorizationFacts> rights)
{
    m_report = report;
    m_rights = std::move(rights);
    compare();
}

void ContractPanel::setPath(const QString &path)
{
    m_error->clear();
    m_contract.reset();
    m_path = path;
    if (!path.isEmpty()) {
        const auto text = Core::readFile(path, 1024 * 1024);
        const auto contract = text ? Contract::parse(*text) : Core::Result<Contract>(text.error());
        if (contract)
            m_contract = *contract;
        else
            m_error->setError(contract.error());
    }
    compare();
}

void ContractPanel::make()
{
    auto *dialog = new QFileDialog(this, tr("Save the contract"), QDir::homePath());
    dialog->setObjectName(u"saveContractDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"yaml"_s);
    dialog->selectFile(u"access-contract.yaml"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, yaml = Contract::of(*m_report).toYaml()](const QString &path) {
                write(path, yaml);
            });
    dialog->open();
}

void ContractPanel::write(const QString &path, const QByteArray &yaml)
{
    if (const auto written = Core::writeFileAtomically(path, yaml); !written)
        m_error->setError(written.error());
    else
        setPath(path);
}

void ContractPanel::open()
{
    auto *dialog = new QFileDialog(this, tr("Open a contract"));
    dialog->setObjectName(u"openContractDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Contracts (*.yaml *.yml)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ContractPanel::setPath);
    dialog->open();
}

void ContractPanel::compare()
{
    m_result.reset();
    if (m_contract && m_report)
        m_result = Access::compare(*m_contract, *m_report);
    m_model->setResult(m_result.value_or(Access::ContractResult()));
    m_lists->setVisible(m_result.has_value());
    m_make->setEnabled(m_report.has_value());
    m_close->setVisible(!m_path.isEmpty());
    const QString name = QFileInfo(m_path).fileName();
    if (m_result) {
        m_title->setText(tr("%1: %2 kept, %3 broken, %4 open")
                             .arg(name)
                             .arg(m_result->count(State::Kept))
                             .arg(m_result->count(State::Broken))
                             .arg(m_result->count(State::Open)));
    } else if (m_contract) {
        m_title->setText(tr("%1 is open. Check access to compare it.").arg(name));
    } else {
        m_title->setText(tr("A contract says what a principal must and must not be able to do, in "
                            "a small text file. "
                            "Make one out of the matrix, or open one."));
    }
    showRemedies();
    emit compared();
    searchRemedies();
}

void ContractPanel::searchRemedies()
{
    ++m_comparison;
    if (!m_result || !m_rights || m_result->count(State::Broken) == 0)
        return;
    inBackground<QList<Access::Finding>>(
        this,
        [rights = m_rights, result = *m_result] {
            return Access::contractRemedies(result, *rights, QDateTime::currentDateTimeUtc());
        },
        [this, comparison = m_comparison](const QList<Access::Finding> &remedies) {
            if (comparison != m_comparison)
                return;
            m_result->remedies = remedies;
            showRemedies();
            emit compared();
        });
}

void ContractPanel::showRemedies()
{
    const bool any = m_result && !m_result->remedies.isEmpty();
    m_remedyBox->setVisible(any);
    m_remedies->setText(any ? findingsInWords(m_result->remedies) : QString());
}

} // namespace Ui
