#include "ui/access/reportbutton.h"

#include "core/atomicfile.h"
#include "ui/widgets/background.h"

#include <QDir>
#include <QFileDialog>
#include <QMenu>
#include <QRegularExpression>

namespace Ui {

using namespace Qt::StringLiterals;

ReportButton::ReportButton(QWidget *parent)
    : QPushButton(parent)
{
    setObjectName(u"saveReportButton"_s);
    setText(tr("Save report"));
    setAccessibleName(tr("Save report"));
    setMenu(new QMenu(this));
    setForms({}, {});
}

void ReportButton::setForms(const QString &stem, const QList<Form> &forms)
{
    static const QRegularExpression awkward(u"[^\\w.-]+"_s,
                                            QRegularExpression::UseUnicodePropertiesOption);
    m_stem = QString(stem).replace(awkward, u"-"_s);
    menu()->clear();
    for (const Form &form : forms)
        menu()->addAction(form.title, this, [this, form] { save(form); });
    allow();
    setToolTip(forms.isEmpty() ? tr("There is nothing to report yet")
                               : tr("Who may do what, when, and by what evidence; nothing secret"));
}

void ReportButton::allow()
{
    setText(m_writing ? tr("Writing …") : tr("Save report"));
    setEnabled(!m_writing && !menu()->isEmpty());
}

void ReportButton::save(const Form &form)
{
    auto *dialog = new QFileDialog(this, tr("Save the report"), QDir::homePath());
    dialog->setObjectName(u"saveReportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(form.suffix);
    dialog->selectFile(m_stem + u'.' + form.suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, form](const QString &path) { write(form, path); });
    dialog->open();
}

void ReportButton::write(const Form &form, const QString &path)
{
    m_writing = true;
    allow();
    inBackground<Core::Result<void>>(
        this, [form, path] { return Core::writeFileAtomically(path, form.write()); },
        [this, path](const Core::Result<void> &written) {
            m_writing = false;
            allow();
            if (written)
                emit saved(path);
            else
                emit failed(written.error());
        });
}

} // namespace Ui
