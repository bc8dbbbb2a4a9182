#include "input.h"
#include "sandbox/scenario.h"

// A company that somebody wrote: it is read, or refused with a sentence.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const auto scenario = Sandbox::Scenario::parse(Fuzz::view(bytes, size).toByteArray());
    if (!scenario)
        Fuzz::require(!scenario.error().message.isEmpty());
    return 0;
}
