#include "ui/handover/codepanel.h"

#include "core/commandtext.h"
#include "handover/snippets.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Handover::SnippetCredential;

namespace {

QFont fixedFont()
{
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

QLabel *lineLabel(const QString &name, QWidget *parent)
{
    QLabel *label = plainLabel({}, parent);
    label->setObjectName(name);
    label->setFont(fixedFont());
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

CodePanel::CodePanel(QWidget *parent)
    : QWidget(parent)
{
    m_language = new QComboBox(this);
    m_language->setObjectName(u"snippetLanguage"_s);
    m_language->setAccessibleName(tr("Language"));
    for (const Handover::Snippet &snippet : Handover::snippets())
        m_language->addItem(snippet.title, snippet.id);
    m_credential = new QComboBox(this);
    m_credential->setObjectName(u"snippetCredential"_s);
    m_credential->setAccessibleName(tr("Credential"));
    m_credential->addItem(tr("DefaultAzureCredential: here and on Azure"),
                          int(SnippetCredential::Default));
    m_credential->addItem(tr("EnvironmentCredential: the variables and nothing else"),
                          int(SnippetCredential::Environment));
    m_install = lineLabel(u"snippetInstall"_s, this);
    m_code = new QPlainTextEdit(this);
    m_code->setObjectName(u"snippetCode"_s);
    m_code->setAccessibleName(tr("Code"));
    m_code->setReadOnly(true);
    m_code->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_code->setFont(fixedFont());

    auto *label = new QLabel(tr("&Language"), this);
    label->setBuddy(m_language);
    auto *bar = new QHBoxLayout;
    bar->addWidget(label);
    bar->addWidget(m_language);
    bar->addWidget(m_credential);
    bar->addStretch(1);
    bar->addWidget(copyButton(
        tr("the code"), [this] { return m_code->toPlainText(); }, this));
    auto *install = new QHBoxLayout;
    install->addWidget(m_install, 1);
    install->addWidget(copyButton(
        tr("the install line"), [this] { return m_install->text(); }, this));
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addLayout(install);
    layout->addWidget(m_code, 1);

    connect(m_language, &QComboBox::currentIndexChanged, this, &CodePanel::refresh);
    connect(m_credential, &QComboBox::currentIndexChanged, this, &CodePanel::refresh);
    refresh();
}

void CodePanel::setPrincipal(const Identity::ServicePrincipal &principal)
{
    m_principal = principal;
    refresh();
}

void CodePanel::refresh()
{
    const Handover::Snippet *snippet = Handover::findSnippet(m_language->currentData().toString());
    if (!snippet)
        return;
    const QString account =
        m_principal.accounts.isEmpty() ? QString() : m_principal.accounts.first().toString();
    m_install->setText(snippet->install);
    m_code->setPlainText(
        snippet->code(SnippetCredential(m_credential->currentData().toInt()), account));
}

ExecPanel::ExecPanel(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    m_environment = addLine(tr("The command takes the program's place, with the credential in its "
                               "environment and nowhere else."),
                            u"execEnvironment"_s);
    m_endpoint = addLine(tr("The command gets no secret: a managed-identity endpoint on this "
                            "machine hands it access tokens for storage until it ends."),
                         u"execEndpoint"_s);
    QLabel *note = quietLabel(tr("Exit code, signals and terminal are the command's. Neither "
                                 "leaves a file or a core file."),
                              this);
    note->setWordWrap(true);
    layout->addWidget(note);
    layout->addStretch(1);
}

QLabel *ExecPanel::addLine(const QString &what, const QString &name)
{
    QLabel *explanation = plainLabel(what, this);
    explanation->setWordWrap(true);
    QLabel *line = lineLabel(name, this);
    auto *row = new QHBoxLayout;
    row->addWidget(line, 1);
    row->addWidget(copyButton(
        tr("the command line"), [line] { return line->text(); }, this));
    auto *whole = qobject_cast<QVBoxLayout *>(layout());
    whole->addWidget(explanation);
    whole->addLayout(row);
    whole->addSpacing(fontMetrics().height());
    return line;
}

void ExecPanel::setPrincipal(const Identity::ServicePrincipal &principal)
{
    Core::Command environment{u"rolescope-cli", u"exec"};
    m_environment->setText(environment.argument(principal.name).verbatim(u"-- gunicorn app:app").text());
    Core::Command endpoint{u"rolescope-cli", u"exec"};
    m_endpoint->setText(
        endpoint.argument(principal.name).verbatim(u"--mode endpoint -- gunicorn app:app").text());
}

} // namespace Ui
