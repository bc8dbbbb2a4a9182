#include "ui/handover/inspectdialog.h"

#include "core/atomicfile.h"
#include "ui/handover/savepanel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secretclipboard.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using EnvFile::ConsumerView;
using EnvFile::Format;
using EnvFile::Inspection;

namespace {

constexpr qint64 largestFile = 1024 * 1024; // no process can be started with more

Core::Result<Inspection> inspectFile(const QString &path)
{
    Core::Result<QByteArray> bytes = Core::readFile(path, largestFile);
    if (!bytes)
        return bytes.error();
    Inspection inspection = EnvFile::inspect(*bytes, nullptr);
    Core::wipe(*bytes);
    return inspection;
}

QString sentence(const EnvFile::Remark &remark)
{
    return remark.line > 0 ? InspectDialog::tr("Line %1: %2").arg(remark.line).arg(remark.text)
                           : remark.text;
}

/// What to know of one consumer, a row each.
QStringList findings(const ConsumerView &consumer, const EnvFile::Variables &meant)
{
    QStringList rows;
    if (!consumer.reading.refusal.isEmpty())
        rows.append(InspectDialog::tr("It refuses the file: %1").arg(consumer.reading.refusal));
    for (const QByteArray &name : consumer.astray) {
        const EnvFile::ReadVariable *read = consumer.reading.find(name);
        const QString shown = QString::fromUtf8(name);
        const bool isMeant = std::any_of(meant.cbegin(), meant.cend(),
                                         [&name](const auto &one) { return one.first == name; });
        if (!isMeant) { // spelt out: a mark in front of a name cannot be seen
            rows.append(InspectDialog::tr("A variable is read that nobody meant: %1")
                            .arg(QString::fromLatin1(name.toPercentEncoding("=. "))));
            continue;
        }
        rows.append(read ? InspectDialog::tr("%1 is read otherwise (%2 bytes)")
                               .arg(shown)
                               .arg(read->value.size())
                         : InspectDialog::tr("%1 is not seen").arg(shown));
    }
    for (const EnvFile::Remark &remark : consumer.reading.remarks)
        rows.append(sentence(remark));
    return rows;
}

} // namespace

InspectDialog::InspectDialog(SecretClipboard &clipboard, QWidget *parent)
    : QDialog(parent)
    , m_clipboard(clipboard)
{
    setObjectName(u"inspectDialog"_s);
    setWindowTitle(tr("Inspect an environment file"));
    setAcceptDrops(true);
    makeFields();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_error);
    layout->addWidget(m_defects);
    layout->addWidget(m_consumers, 3);
    layout->addLayout(makeRepair());
    layout->addWidget(m_saving);
    layout->addWidget(m_text, 2);
    layout->addWidget(m_status);
    layout->addLayout(makeButtons());
    resize(fontMetrics().averageCharWidth() * 120, fontMetrics().height() * 40);
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
    m_consumers = new QTreeWidget(this);
    m_consumers->setObjectName(u"inspectConsumers"_s);
    m_consumers->setAccessibleName(tr("What each consumer reads"));
    m_consumers->setHeaderLabels({tr("Read by"), tr("Reads")});
    m_consumers->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
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
    m_keep = new QPushButton(tr("Keep its credential …"), this);
    m_keep->setObjectName(u"keepCredentialButton"_s);
    m_keep->setToolTip(
        tr("Adds a service principal from this file; whether it works, its token says"));
    auto *close = new QPushButton(tr("Close"), this);
    close->setObjectName(u"inspectCloseButton"_s);
    auto *bar = new QHBoxLayout;
    bar->addWidget(open);
    bar->addWidget(m_keep);
    bar->addStretch(1);
    bar->addWidget(close);
    for (QPushButton *button : {open, m_keep, close, m_copy, m_save})
        button->setAutoDefault(false);
    connect(open, &QPushButton::clicked, this, &InspectDialog::choose);
    connect(m_keep, &QPushButton::clicked, this, &InspectDialog::keep);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    return bar;
}

QString InspectDialog::droppedFile(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    if (urls.size() != 1 || !urls.first().isLocalFile())
        return {};
    const QString path = urls.first().toLocalFile();
    return QFileInfo(path).isFile() ? path : QString();
}

void InspectDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void InspectDialog::dropEvent(QDropEvent *event)
{
    openFile(droppedFile(event->mimeData()));
    event->acceptProposedAction();
}

void InspectDialog::choose()
{
    auto *dialog =
        new QFileDialog(this, tr("Open an environment file"),
                        m_path.isEmpty() ? QDir::homePath() : QFileInfo(m_path).absolutePath());
    dialog->setObjectName(u"openEnvFileDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::Files | QDir::AllDirs | QDir::Hidden | QDir::NoDotAndDotDot);
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
        m_work.get(), [path] { return inspectFile(path); },
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
    showConsumers();
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

void InspectDialog::showConsumers()
{
    m_consumers->clear();
    for (const ConsumerView &consumer : m_inspection.consumers) {
        const bool good = consumer.asMeant();
        auto *item = new QTreeWidgetItem(
            m_consumers, {consumer.format->title, good ? tr("✔ %n variable(s), as meant", nullptr,
                                                            int(m_inspection.meant.size()))
                                                       : tr("✖ otherwise than meant")});
        item->setForeground(
            1, observationColor(good ? Access::Observation::Allowed : Access::Observation::Denied,
                                palette()));
        for (const QString &finding : findings(consumer, m_inspection.meant)) {
            auto *row = new QTreeWidgetItem(item, {QString(), finding});
            row->setToolTip(1, finding.toHtmlEscaped());
        }
        item->setExpanded(!good);
    }
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
    Core::Result<QByteArray> bytes = Core::readFile(m_path, largestFile);
    if (!bytes)
        return m_error->setError(bytes.error());
    emit keepRequested(QString::fromUtf8(*bytes));
    Core::wipe(*bytes);
    accept();
}

} // namespace Ui
