#include "envfile/reading.h"

#include "envfile/names.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;

const ReadVariable *Reading::find(QByteArrayView name) const
{
    const auto found =
        std::find_if(variables.cbegin(), variables.cend(),
                     [&](const ReadVariable &one) { return QByteArrayView(one.name) == name; });
    return found == variables.cend() ? nullptr : &*found;
}

void Reading::set(QByteArrayView name, QByteArrayView value, int line, bool certain)
{
    const auto found =
        std::find_if(variables.begin(), variables.end(),
                     [&](const ReadVariable &one) { return QByteArrayView(one.name) == name; });
    if (found == variables.end()) {
        variables.append({name.toByteArray(), Core::Secret(value), certain});
        return;
    }
    remark(line, u"%1 stands more than once; the last one counts."_s.arg(shownName(name)));
    found->value = Core::Secret(value);
    found->certain = certain;
}

bool readsBack(Reader reader, QByteArrayView text, QByteArrayView name, QByteArrayView value)
{
    const Reading reading = reader(text);
    return reading.refusal.isEmpty() && reading.variables.size() == 1 &&
           reading.variables[0].certain && QByteArrayView(reading.variables[0].name) == name &&
           reading.variables[0].value.reveal() == value;
}

int lineAt(QByteArrayView text, qsizetype offset)
{
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + std::min(offset, text.size()), '\n'));
}

bool startsWithMark(QByteArrayView text)
{
    return text.startsWith(QByteArrayView("\xEF\xBB\xBF"));
}

} // namespace EnvFile
