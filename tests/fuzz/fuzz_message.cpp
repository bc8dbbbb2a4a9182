#include "input.h"
#include "serving/messagereader.h"

#include <algorithm>

using Serving::MessageReader;

namespace {

MessageReader read(MessageReader::Kind kind, QByteArrayView input, qsizetype step)
{
    MessageReader reader(kind, {4096, 65536});
    for (qsizetype at = 0; at < input.size(); at += step) {
        const MessageReader::State state = reader.feed(input.sliced(at, std::min(step, input.size() - at)).toByteArray());
        if (state == MessageReader::State::Failed || state == MessageReader::State::Done)
            break;
    }
    return reader;
}

} // namespace

// The first byte says whether it is a request, and how the rest is split: each split gives the same message.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    QByteArrayView input = Fuzz::view(bytes, size);
    const int split = Fuzz::choice(&input, 256);
    const auto kind = split & 1 ? MessageReader::Kind::Request : MessageReader::Kind::Response;
    if (input.isEmpty())
        return 0;
    const MessageReader whole = read(kind, input, input.size());
    const MessageReader pieces = read(kind, input, split / 2 + 1);
    Fuzz::require((whole.state() == MessageReader::State::Done) == (pieces.state() == MessageReader::State::Done));
    if (whole.state() == MessageReader::State::Done) {
        Fuzz::require(whole.body() == pieces.body() && whole.headers() == pieces.headers());
        Fuzz::require(whole.target() == pieces.target() && whole.body().size() <= 65536);
    }
    return 0;
}
