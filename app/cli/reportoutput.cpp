#include "cli/reportoutput.h"

#include "cli/command.h"
#include "cli/isolationtable.h"
#include "cli/matrixtable.h"
#include "core/atomicfile.h"
#include "print/pdfreport.h"
#include "report/csvreport.h"
#include "report/junitreport.h"
#include "report/sarifreport.h"

#include <QJsonDocument>
#include <cstdio>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

QByteArray json(const Access::AccessReport &report, const Report::Attachments &attachments)
{
    QJsonObject document = Access::toJson(report);
    if (attachments.contract)
        document.insert(u"contract"_s, Access::toJson(*attachments.contract));
    document.insert(u"drift"_s, attachments.drift ? QJsonValue(Access::toJson(*attachments.drift)) : QJsonValue());
    return QJsonDocument(document).toJson();
}

} // namespace

QStringList reportFormats()
{
    return {u"table"_s, u"json"_s, u"html"_s, u"csv"_s, u"junit"_s, u"sarif"_s, u"pdf"_s};
}

QStringList isolationFormats()
{
    return {u"table"_s, u"json"_s, u"html"_s, u"pdf"_s};
}

Result<QByteArray> rendered(const QString &format, const Access::AccessReport &report, const Report::Attachments &attachments,
                            const QString &contractFile)
{
    if (format == u"json")
        return json(report, attachments);
    if (format == u"html")
        return Report::html(report, attachments);
    if (format == u"csv")
        return Report::csv(report);
    if (format == u"pdf")
        return Print::pdf(report, attachments);
    if (format == u"junit")
        return attachments.contract ? Report::junit(report, *attachments.contract) : Report::junit(report);
    if (format != u"sarif")
        return terminalSafe(matrixTable(report, attachments)).toUtf8();
    if (!attachments.contract)
        return Error{.kind = Error::Kind::InvalidInput, .message = u"SARIF lists what breaks a contract, and none was given."_s,
                     .nextStep = u"Add --contract FILE, or choose another format."_s};
    return Report::sarif(report, *attachments.contract, contractFile);
}

Result<QByteArray> rendered(const QString &format, const Access::Isolation &isolation)
{
    if (format == u"json")
        return QJsonDocument(Access::toJson(isolation)).toJson();
    if (format == u"html")
        return Report::html(isolation);
    if (format == u"pdf")
        return Print::pdf(isolation);
    return terminalSafe(isolationTable(isolation)).toUtf8();
}

bool put(const QByteArray &bytes, const QString &format, const QString &output, Context &context)
{
    if (!output.isEmpty()) {
        if (const Result<void> written = Core::writeFileAtomically(output, bytes); !written) {
            context.fail(written.error());
            return false;
        }
        context.note(u"Written to %1."_s.arg(output));
        return true;
    }
    if (format == u"pdf" && ::isatty(STDOUT_FILENO)) {
        context.fail({.kind = Error::Kind::InvalidInput, .message = u"A PDF is nothing for a terminal."_s, .nextStep = u"Add --output FILE."_s});
        return false;
    }
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
    return true;
}

} // namespace Cli
