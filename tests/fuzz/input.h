#pragma once

#include <QByteArray>
#include <QByteArrayView>

// What the targets share: taking choices and pieces off an input.
namespace Fuzz {

/// The bytes that libFuzzer hands over, without a copy.
inline QByteArrayView view(const unsigned char *bytes, size_t size)
{
    return {reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size)};
}

/// Takes the first byte off \a input as a number below \a count. 0 when nothing is left.
inline int choice(QByteArrayView *input, int count)
{
    if (input->isEmpty())
        return 0;
    const int chosen = static_cast<unsigned char>(input->front()) % count;
    *input = input->sliced(1);
    return chosen;
}

/// Aborts, which the fuzzer reports with its input, unless \a holds.
inline void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

} // namespace Fuzz
