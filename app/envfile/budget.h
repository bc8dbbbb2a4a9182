#pragma once

#include <QByteArrayView>
#include <QString>

namespace EnvFile {

/// What may become of one text while it is read. A few bytes can ask for gigabytes, by variables
/// that repeat each other, and a reader refuses such a text instead of following it.
class Budget
{
public:
    static constexpr qsizetype floorBytes = 64 * 1024; ///< what any text may become, however small
    static constexpr qsizetype factor = 4;             ///< beyond that: for each byte of the text
    static constexpr qsizetype mostVariables = 10'000;
    static constexpr qsizetype mostRemarks = 1'000; ///< what is beyond is counted, not kept
    static constexpr qsizetype stepsPerByte = 16;   ///< how often a byte may be looked at again

    /// For a text of \a inputBytes bytes.
    explicit Budget(qsizetype inputBytes = 0)
        : m_bytes(floorBytes + factor * inputBytes)
        , m_steps(stepsPerByte * (floorBytes + inputBytes))
    {
    }

    /// Takes \a bytes of values, all values together; false where the budget does not have them.
    bool takeBytes(qsizetype bytes);
    /// Whether \a bytes more would be had, beside \a pending of a value that is not complete.
    bool hasBytes(qsizetype bytes, qsizetype pending = 0) const { return pending + bytes <= m_bytes; }
    /// Takes one more variable; false where there are \c mostVariables.
    bool takeVariable() { return ++m_variables <= mostVariables; }
    /// Takes \a steps of work over text that was looked at before; false where they are used up.
    bool takeSteps(qsizetype steps);

private:
    qsizetype m_bytes;
    qsizetype m_steps;
    qsizetype m_variables = 0;
};

/// Line numbers of places that are asked for in rising order, in one pass over the text.
template<typename View>
class LineCounter
{
public:
    explicit LineCounter(View text) : m_text(text) {}
    /// The line, from 1, of the character at \a offset. A smaller offset than before starts anew.
    int at(qsizetype offset)
    {
        offset = offset < m_text.size() ? offset : m_text.size();
        if (offset < m_counted) {
            m_counted = 0;
            m_line = 1;
        }
        for (; m_counted < offset; ++m_counted)
            m_line += m_text[m_counted] == u'\n' ? 1 : 0;
        return m_line;
    }

private:
    View m_text;
    qsizetype m_counted = 0;
    int m_line = 1;
};

} // namespace EnvFile
