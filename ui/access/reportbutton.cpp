#include "ui/access/reportbutton.h"

#include "core/atomicfile.h"
#include "report/csvreport.h"
#include "report/htmlreport.h"

#include <QDir>
#include <QFileDialog>
#include <QJsonDocument>
#include <QMenu>
#include <QRegularExpression>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;

struct ReportButton::Form
{
    QString title;
    QString suffix;
    QByteArray (*write)(const AccessReport &report);
};

const QList<ReportButton::Form> &ReportButton::forms()
{
    static const QList<Form> all{
        {tr("&HTML, to read and print …"), u"html"_s,
         [](const AccessReport &report) { return Report::html(report); }},
        {tr("&CSV, for a spreadsheet …"), u"csv"_s, Report::csv},
        {tr("&JSON, for programs …"), u"json"_s,
         [](const AccessReport &report) { return QJsonDocument(Access::toJson(report)).toJson(); }},
    };
    return all;
}

ReportButton::ReportButton(QWidget *parent)
    : QPushButton(parent)
{
    setObjectName(u"saveReportButton"_s);
    setText(tr("Save report"));
    setAccessibleName(tr("Save report"));
    auto *menu = new QMenu(this);
    for (const Form &form : forms())
        menu->addAction(form.title, this, [this, &form] { save(form); });
    setMenu(menu);
    setReport(std::nullopt);
}

void ReportButton::setReport(const std::optional<AccessReport> &report)
{
    m_report = report;
    setEnabled(m_report.has_value());
    setToolTip(m_report ? tr("Who may do what, when, and by what evidence; nothing secret")
                        : tr("Check access first"));
}

void ReportButton::save(const Form &form)
{
    auto *dialog = new QFileDialog(this, tr("Save the report"), QDir::homePath());
    dialog->setObjectName(u"saveReportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(form.suffix);
    static const QRegularExpression awkward(u"[^\\w.-]+"_s,
                                            QRegularExpression::UseUnicodePropertiesOption);
    const QString name = QString(m_report->principal).replace(awkward, u"-"_s);
    dialog->selectFile(u"access-%1-%2.%3"_s.arg(
        name, m_report->finishedAt.toString(u"yyyy-MM-dd"_s), form.suffix));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, &form, report = *m_report](const QString &path) { write(form, report, path); });
    dialog->open();
}

void ReportButton::write(const Form &form, const AccessReport &report, const QString &path)
{
    if (const auto written = Core::writeFileAtomically(path, form.write(report)); !written)
        emit failed(written.error());
    else
        emit saved(path);
}

} // namespace Ui
