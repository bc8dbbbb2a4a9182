#include "storage/listingparser.h"

#include <algorithm>

// The first byte says how the rest is split; whatever the bytes are, both readings must agree.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    if (size < 1)
        return 0;
    const qsizetype step = bytes[0] + 1;
    const QByteArrayView input(reinterpret_cast<const char *>(bytes + 1), static_cast<qsizetype>(size - 1));
    Storage::ListingParser whole;
    whole.feed(input);
    const auto expected = whole.finish();
    Storage::ListingParser pieces;
    for (qsizetype at = 0; at < input.size(); at += step)
        pieces.feed(input.sliced(at, std::min(step, input.size() - at)));
    const auto found = pieces.finish();
    if (found.has_value() != expected.has_value())
        __builtin_trap();
    if (found) {
        if (found->rows.size() != expected->rows.size())
            __builtin_trap();
        for (qsizetype row = 0; row < found->rows.size(); ++row) {
            if (found->rows.name(row) != expected->rows.name(row))
                __builtin_trap();
        }
    }
    return 0;
}
