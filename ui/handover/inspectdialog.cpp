#include "ui/handover/inspectdialog.h"

#include "ui/handover/consumertree.h"
#include "ui/handover/credentialtrial.h"
#include "ui/handover/inspectedpath.h"
#include "ui/handover/savepanel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filedrops.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secretclipboard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using EnvFile::Inspection;

InspectDialog::InspectDialog(Services::Services &services, SecretClipboard &clipboard,
                             QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_clipboard(clipboard)
{
    setObjectName(u"inspectDialog"_s);
    setWindowTitle(tr("Inspect an environment file"));
    makeFields();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_error);
    layout->addWidget(m_defects);
    layout->addWidget(m_trial);
    layout->addWidget(m_consumers, 3);
    layout->addLayout(makeRepair());
    layout->addWidget(m_saving);
    layout->addWidget(m_text, 2);
    layout->addWidget(m_status);
    layout->addLayout(makeButtons());
    resize(fontMetrics().averageCharWidth() * 120, fontMetrics().height() * 40);
    connect(new FileDrops(*this), &FileDrops::dropped, this, &InspectDialog::openFile);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        m_saving->cancel();
        m_status->clear();
        preview();
    });
    connect(m_reveal, &QCheckBox::toggled, this, &InspectDialog::preview);
    connect(&m_clipboard, &SecretClipboard::cleared, m_status,
            [this] { m_status->setText(tr("The clipboard was cleared.")); });
}

InspectDialog::~InspectDialog() = default;

void InspectDialog::makeFields()
{
    m_title = titleLabel({}, this);
    m_title->setObjectName(u"inspectTitle"_s);
    m_title->setWordWrap(true);
    m_error = new ErrorPanel(this);
    m_defects = plainLabel({}, this);
    m_defects->setObjectName(u"inspectDefects"_s);
    m_defects->setWordWrap(true);
    m_trial = new CredentialTrial(m_services, this);
    m_consumers = new ConsumerTree(this);
    m_format = new QComboBox(this);
    m_format->setObjectName(u"repairFormat"_s);
    m_format->setAccessibleName(tr("Repaired for"));
    for (const Format &format : EnvFile::formats())
        m_format->addItem(format.title, format.id);
    m_reveal = new QCheckBox(tr("Show the values"), this);
    m_reveal->setObjectName(u"revealValues"_s);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"repairedText"_s);
    m_text->setAccessibleName(tr("Repaired text"));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_status = quietLabel({}, this);
    m_status->setObjectName(u"inspectStatus"_s);
    m_status->setWordWrap(true);
    m_saving = new SavePanel(this);
}

QLayout *InspectDialog::makeRepair()
{
    auto *label = new QLabel(tr("&Repaired for"), this);
    label->setBuddy(m_format);
    m_copy = new QPushButton(tr("Copy with values"), this);
    m_copy->setObjectName(u"copyRepairedButton"_s);
    m_copy->setToolTip(tr("The clipboard is cleared after 30 seconds"));
    m_save = new QPushButton(tr("Save …"), this);
    m_save->setObjectName(u"saveRepairedButton"_s);
    auto *bar = new QHBoxLayout;
    bar->addWidget(label);
    bar->addWidget(m_format);
    bar->addWidget(m_reveal);
    bar->addStretch(1);
    bar->addWidget(m_copy);
    bar->addWidget(m_save);
    connect(m_copy, &QPushButton::clicked, this, &InspectDialog::copy);
    connect(m_save, &QPushButton::clicked, this, [this] {
        m_saving->choose(tr("Save the repaired text"), format().fileName,
                         format().shape == Format::Shape::Folder,
                         [this](const QString &path) { saveTo(path); });
    });
    return bar;
}

QLayout *InspectDialog::makeButtons()
{
    auto *open = new QPushButton(tr("Open another …"), this);
    open->setObjectName(u"inspectOpenButton"_s);
    auto *folder = new QPushButton(tr("Open a folder …"), this);
    folder->setObjectName(u"inspectFolderButton"_s);
    folder->setToolTip(
        tr("A folder with a file for each variable, as envdir, s6-envdir and systemd's "
           "credentials have it"));
    m_keep = new QPushButton(tr("Keep its credential …"), this);
    m_keep->setObjectName(u"keepCredentialButton"_s);
    m_keep->setToolTip(tr("Adds a service principal from this file"));
    auto *close = new QPushButton(tr("Close"), this);
    close->setObjectName(u"inspectCloseButton"_s);
    auto *bar = new QHBoxLayout;
    bar->addWidget(open);
    bar->addWidget(folder);
    bar->addWidget(m_keep);
    bar->addStretch(1);
    bar->addWidget(close);
    for (QPushButton *button : {open, folder, m_keep, close, m_copy, m_save})
        button->setAutoDefault(false);
    connect(open, &QPushButton::clicked, this, [this] { choose(); });
    connect(folder, &QPushButton::clicked, this, [this] { choose(true); });
    connect(m_keep, &QPushButton::clicked, this, &InspectDialog::keep);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    return bar;
}

void InspectDialog::choose(bool folder)
{
    auto *dialog = new QFileDialog(
        this, folder ? tr("Open a folder of variables") : tr("Open an environment file"),
        m_path.isEmpty() ? QDir::homePath() : QFileInfo(m_path).absolutePath());
    dialog->setObjectName(u"openEnvFileDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    dialog->setFilter((folder ? QDir::Filters() : QDir::Files) | QDir::AllDirs | QDir::Hidden |
                      QDir::NoDotAndDotDot);
    connect(dialog, &QFileDialog::fileSelected, this, &InspectDialog::openFile);
    dialog->open();
}

void InspectDialog::openFile(const QString &path)
{
    m_path = path;
    m_saving->cancel();
    m_reveal->setChecked(false);
    m_status->clear();
    m_title->setText(QFileInfo(path).fileName());
    m_title->setToolTip(path.toHtmlEscaped());
    m_work = std::make_unique<QObject>();
    inBackground<Core::Result<Inspection>>(
        m_work.get(), [path] { return inspectPath(path); },
        [this](const Core::Result<Inspection> &inspection) { show(inspection); });
}

void InspectDialog::show(const Core::Result<Inspection> &inspection)
{
    m_inspection = inspection ? *inspection : Inspection();
    QStringList defects;
    for (const EnvFile::Remark &one : m_inspection.defects)
        defects.append(u"⚠ "_s + sentence(one));
    m_defects->setText(defects.join(u'\n'));
    m_defects->setVisible(!defects.isEmpty());
    m_consumers->setInspection(m_inspection);
    m_trial->setVariables(m_inspection.meant);
    // Its own form, where it has one: that is what whoever reads it now expects.
    const int own = m_inspection.consumers.isEmpty()
                        ? -1
                        : m_format->findData(m_inspection.consumers.first().format->id);
    m_format->setCurrentIndex(std::max(own, 0));
    m_keep->setEnabled(!m_inspection.meant.isEmpty());
    preview();
    if (!inspection)
        m_error->setError(inspection.error());
    else if (m_inspection.meant.isEmpty())
        m_error->setError({.kind = Core::Error::Kind::InvalidInput,
                           .message = tr("There is no variable in it.")});
}

const Format &InspectDialog::format() const
{
    return *EnvFile::findFormat(m_format->currentData().toString());
}

void InspectDialog::preview()
{
    m_error->clear();
    QList<QByteArray> names;
    for (const auto &[name, value] : m_inspection.meant)
        names.append(name); // what is secret in somebody else's file is not known, so all of it is
    const auto text = EnvFile::preview(format(), m_inspection.meant,
                                       m_reveal->isChecked() ? QList<QByteArray>() : names);
    const bool possible = text && !names.isEmpty() && m_inspection.uncertain.isEmpty();
    m_save->setEnabled(possible);
    m_copy->setEnabled(possible && format().shape == Format::Shape::File);
    m_text->setPlainText(possible ? QString::fromUtf8(*text) : QString());
    if (!m_inspection.uncertain.isEmpty())
        m_error->setError({.kind = Core::Error::Kind::InvalidInput,
                           .message = tr("%1 depends on other variables or on a command.")
                                          .arg(QString::fromUtf8(m_inspection.uncertain.first())),
                           .code = u"NotCertain"_s,
                           .nextStep = tr("Write its value into the file, and open it again.")});
    else if (!text)
        m_error->setError(text.error());
}

void InspectDialog::saveTo(const QString &path)
{
    m_saving->save(path, SavePanel::environmentFile(format(), m_inspection.meant),
                   [this, path](const Core::Result<void> &written) {
                       if (!written)
                           return m_error->setError(written.error());
                       m_status->setText(tr("Saved to %1, readable by its owner only.\n%2")
                                             .arg(path, EnvFile::usage(format(), path)));
                   });
}

void InspectDialog::copy()
{
    const auto text = EnvFile::repaired(m_inspection, format());
    if (!text)
        return m_error->setError(text.error());
    m_clipboard.copy(*text);
    m_status->setText(tr("Copied. The clipboard is cleared after 30 seconds."));
}

void InspectDialog::keep()
{
    const auto text = pastableText(m_path, m_inspection);
    if (!text)
        return m_error->setError(text.error());
    emit keepRequested(*text);
    accept();
}

} // namespace Ui
