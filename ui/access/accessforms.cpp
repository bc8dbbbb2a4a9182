#include "ui/access/accessforms.h"

#include "print/pdfreport.h"
#include "report/csvreport.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace Ui {

using namespace Qt::StringLiterals;

QString accessStem(const Access::AccessReport &report)
{
    return u"access-%1-%2"_s.arg(report.principal, report.finishedAt.toString(u"yyyy-MM-dd"_s));
}

QList<ReportButton::Form> accessForms(const Access::AccessReport &report,
                                      const Report::Attachments &attachments)
{
    return {
        {ReportButton::tr("&HTML, to read and print …"), u"html"_s,
         [=] { return Report::html(report, attachments); }},
        {ReportButton::tr("&PDF, to file …"), u"pdf"_s,
         [=] { return Print::pdf(report, attachments); }},
        {ReportButton::tr("&CSV, for a spreadsheet …"), u"csv"_s,
         [=] { return Report::csv(report); }},
        {ReportButton::tr("&JSON, for programs …"), u"json"_s,
         [=] { return QJsonDocument(Access::toJson(report)).toJson(); }},
    };
}

} // namespace Ui
