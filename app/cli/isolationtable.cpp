#include "cli/isolationtable.h"

#include "report/grouping.h"
#include "report/wording.h"

#include <algorithm>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::Isolation;

QString isolationTable(const Isolation &isolation)
{
    qsizetype nameWidth = 10;
    for (const auto &subject : isolation.subjects)
        nameWidth = std::max(nameWidth, std::min<qsizetype>(subject.name.size(), 40));
    QString text;
    for (const auto &[name, value] : Report::factsOf(isolation)) {
        if (!value.isEmpty())
            text += u"%1  %2\n"_s.arg(name.leftJustified(8), value);
    }
    for (qsizetype place = 0; place < isolation.places.size(); ++place) {
        text += u"\n%1\n"_s.arg(Report::accountName(isolation.places[place].account));
        for (const Isolation::Pair &pair : isolation.pairs) {
            if (pair.place != place)
                continue;
            const QString name = isolation.subjects[pair.subject].name;
            text += u"  %1  %2  %3\n"_s.arg(name.leftJustified(nameWidth), Report::isolationWords(&pair).leftJustified(23), pair.why);
        }
    }
    for (const Access::Finding &warning : isolation.warnings)
        text += u"\nwarning: %1: %2\n  Next: %3\n"_s.arg(warning.id, warning.cause, warning.nextStep);
    return text;
}

} // namespace Cli
