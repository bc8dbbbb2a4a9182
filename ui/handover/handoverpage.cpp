#include "ui/handover/handoverpage.h"

#include "ui/handover/codepanel.h"
#include "ui/handover/filepanel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

HandoverPage::HandoverPage(Services::Services &services, SecretClipboard &clipboard,
                           QWidget *parent)
    : QWidget(parent)
{
    m_file = new FilePanel(services, clipboard, this);
    m_code = new CodePanel(this);
    m_exec = new ExecPanel(this);
    auto *tabs = new QTabWidget(this);
    tabs->setObjectName(u"handoverTabs"_s);
    tabs->setDocumentMode(true);
    tabs->addTab(m_file, tr("&File"));
    tabs->addTab(m_code, tr("&Code"));
    tabs->addTab(m_exec, tr("&Without a file"));
    auto *inspect = new QPushButton(tr("Inspect a file …"), this);
    inspect->setObjectName(u"inspectButton"_s);
    inspect->setToolTip(
        tr("What each consumer would read from an environment file or folder, and "
           "whether its credential works. It may also be dropped anywhere on the window"));
    auto *corner = new QWidget(this);
    auto *cornerLayout = new QHBoxLayout(corner);
    cornerLayout->setContentsMargins(0, 0, fontMetrics().averageCharWidth(), 2);
    cornerLayout->addWidget(inspect);
    tabs->setCornerWidget(corner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tabs);
    connect(inspect, &QPushButton::clicked, this, &HandoverPage::inspectRequested);
}

HandoverPage::~HandoverPage() = default;

void HandoverPage::setPrincipal(const Identity::ServicePrincipal &principal)
{
    m_file->setPrincipal(principal);
    m_code->setPrincipal(principal);
    m_exec->setPrincipal(principal);
}

} // namespace Ui
