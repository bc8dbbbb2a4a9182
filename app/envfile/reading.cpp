#include "envfile/reading.h"

#include "envfile/names.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;

Reading Reading::withBudget(qsizetype inputBytes)
{
    Reading reading;
    reading.budget = Budget(inputBytes);
    return reading;
}

qsizetype Reading::placeOf(const QByteArray &name) const
{
    if (m_placed > variables.size()) {
        m_places.clear();
        m_placed = 0;
    }
    for (; m_placed < variables.size(); ++m_placed) {
        const QByteArray &added = variables[m_placed].name;
        if (!m_places.contains(added))
            m_places.insert(added, m_placed);
    }
    return m_places.value(name, -1);
}

const ReadVariable *Reading::find(QByteArrayView name) const
{
    const qsizetype place = placeOf(name.toByteArray());
    return place < 0 ? nullptr : &variables[place];
}

void Reading::set(QByteArrayView name, QByteArrayView value, int line, bool certain)
{
    if (overBudget)
        return;
    if (!budget.takeBytes(name.size() + value.size()))
        return refuseExpansion(name, line);
    const qsizetype place = placeOf(name.toByteArray());
    if (place < 0) {
        if (!budget.takeVariable())
            return refuseOver(line, u"It has more than %1 variables, and no environment has."_s.arg(Budget::mostVariables),
                              u"Name the environment file itself."_s);
        variables.append({name.toByteArray(), Core::Secret(value), certain});
        return;
    }
    remark(line, u"%1 stands more than once; the last one counts."_s.arg(shownName(name)));
    variables[place].value = Core::Secret(value);
    variables[place].certain = certain;
}

void Reading::refuseExpansion(QByteArrayView name, int line)
{
    refuseOver(line,
               u"With %1, the values become far larger than the file, because variables repeat each other."_s.arg(
                   shownName(name)),
               u"Write the value out there instead of $NAME."_s);
}

void Reading::refuseWork(int line)
{
    refuseOver(line, u"What begins here is never closed, again and again."_s, u"Look for a quote that is missing."_s);
}

void Reading::refuseOver(int line, const QString &what, const QString &next)
{
    if (overBudget)
        return;
    overBudget = true;
    variables.clear();
    m_places.clear();
    m_placed = 0;
    refusal = (line > 0 ? u"Line %1: "_s.arg(line) : QString()) + what + u' ' + next;
}

void Reading::remark(int line, const QString &text)
{
    if (remarks.size() < Budget::mostRemarks)
        remarks.append({line, text});
    else if (remarks.size() == Budget::mostRemarks)
        remarks.append({line, u"There is more to say from here on; mend what is named first."_s});
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
