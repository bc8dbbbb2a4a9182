#include "ui/handover/savepanel.h"

#include "handover/savewarnings.h"
#include "ui/widgets/background.h"
#include "ui/widgets/labels.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

namespace Ui {

using namespace Qt::StringLiterals;

SavePanel::SavePanel(QWidget *parent)
    : QFrame(parent)
{
    setObjectName(u"savePanel"_s);
    setFrameShape(QFrame::StyledPanel);
    m_question = plainLabel({}, this);
    m_question->setObjectName(u"saveQuestion"_s);
    QFont bold = m_question->font();
    bold.setWeight(QFont::DemiBold);
    m_question->setFont(bold);
    m_question->setWordWrap(true);
    m_warnings = plainLabel({}, this);
    m_warnings->setObjectName(u"saveWarnings"_s);
    m_warnings->setWordWrap(true);
    m_warnings->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *go = new QPushButton(tr("Save all the same"), this);
    go->setObjectName(u"saveAnywayButton"_s);
    auto *stop = new QPushButton(tr("Do not save"), this);
    stop->setObjectName(u"doNotSaveButton"_s);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(go);
    buttons->addWidget(stop);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_question);
    layout->addWidget(m_warnings);
    layout->addLayout(buttons);
    hide();
    connect(go, &QPushButton::clicked, this, &SavePanel::write);
    connect(stop, &QPushButton::clicked, this, &SavePanel::cancel);
}

SavePanel::~SavePanel() = default;

SavePanel::Work SavePanel::environmentFile(const EnvFile::Format &format,
                                           const EnvFile::Variables &variables)
{
    return {[&format, variables](const QString &path) {
                return Handover::saveWarnings(path, format, variables);
            },
            [&format, variables](const QString &path) {
                return Handover::save(path, format, variables);
            }};
}

void SavePanel::choose(const QString &title, const QString &fileName, bool isFolder,
                       std::function<void(const QString &)> chosen)
{
    cancel();
    auto *dialog = new QFileDialog(this, title, QDir::homePath());
    dialog->setObjectName(u"saveHandoverDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (isFolder) {
        // The files go into a folder of their own within the chosen one.
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setLabelText(QFileDialog::Accept, tr("Make the folder “%1” here").arg(fileName));
    } else {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setOption(QFileDialog::DontConfirmOverwrite); // the panel says what would be lost
        dialog->selectFile(fileName);
    }
    connect(dialog, &QFileDialog::fileSelected, this,
            [fileName, isFolder, chosen = std::move(chosen)](const QString &path) {
                const bool itself = !isFolder || QDir(path).dirName() == fileName;
                chosen(itself ? path : QDir(path).filePath(fileName));
            });
    dialog->open();
}

void SavePanel::save(const QString &path, const Work &work,
                     std::function<void(const Core::Result<void> &)> done)
{
    cancel();
    m_path = path;
    m_work = work;
    m_done = std::move(done);
    m_run = std::make_unique<QObject>();
    inBackground<QStringList>(
        m_run.get(), [path, look = work.warnings] { return look(path); },
        [this](const QStringList &warnings) { warnings.isEmpty() ? write() : ask(warnings); });
}

void SavePanel::ask(const QStringList &warnings)
{
    m_question->setText(tr("Before %1 is written:").arg(QDir::toNativeSeparators(m_path)));
    m_warnings->setText(warnings.join(u'\n'));
    setAccessibleName(m_question->text() + u' ' + m_warnings->text());
    show();
}

void SavePanel::write()
{
    hide();
    m_run = std::make_unique<QObject>();
    inBackground<Core::Result<void>>(
        m_run.get(),
        [path = m_path, write = std::exchange(m_work, {}).write] { return write(path); },
        [this](const Core::Result<void> &written) {
            if (const auto done = std::exchange(m_done, {}))
                done(written);
        });
}

void SavePanel::cancel()
{
    hide();
    m_run.reset();
    m_work = {}; // the secret within it
    m_done = {};
}

} // namespace Ui
