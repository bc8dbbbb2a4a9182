#include "report/csvreport.h"

#include "report/wording.h"

#include <QStringList>

namespace Report {

using namespace Qt::StringLiterals;
using Access::Cell;

namespace {

bool startsFormula(const QString &text)
{
    // Excel reads the full-width forms as well, where the system's language has them.
    static const QString starters = u"=+-@＝＋－＠"_s;
    const QString trimmed = text.trimmed();
    return text.startsWith(u'\t') || text.startsWith(u'\r') || text.startsWith(u'\n')
        || (!trimmed.isEmpty() && starters.contains(trimmed[0]));
}

QString field(const QString &text)
{
    QString safe = visible(text, u"\t\r\n");
    if (startsFormula(safe))
        safe.prepend(u'\'');
    return u'"' + safe.replace(u'"', u"\"\""_s) + u'"';
}

QString row(const QStringList &fields)
{
    QStringList quoted;
    for (const QString &one : fields)
        quoted.append(field(one));
    return quoted.join(u',') + u"\r\n"_s;
}

QStringList columns()
{
    return {u"container"_s, u"operation"_s, u"permission"_s, u"observed"_s, u"predicted"_s, u"asked"_s, u"method"_s, u"status"_s,
            u"code"_s, u"requestId"_s, u"at"_s, u"finding"_s, u"cause"_s, u"nextStep"_s, u"command"_s};
}

QStringList values(const Cell &cell)
{
    const Access::Finding finding = cell.finding.value_or(Access::Finding());
    return {placeName(cell.container), cell.operation, cell.permission, observedName(cell), predictedName(cell), askedName(cell),
            QString::fromLatin1(cell.evidence.method), statusText(cell), cell.evidence.code, cell.evidence.requestId,
            cell.evidence.at.isValid() ? cell.evidence.at.toUTC().toString(Qt::ISODateWithMs) : QString(),
            finding.id, finding.cause, finding.nextStep, finding.command};
}

} // namespace

QByteArray csv(const Access::AccessReport &report)
{
    QString text(QChar::ByteOrderMark);
    text += row(columns());
    for (const Cell &cell : report.cells)
        text += row(values(cell));
    return text.toUtf8();
}

} // namespace Report
