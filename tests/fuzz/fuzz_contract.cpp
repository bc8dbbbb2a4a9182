#include "access/contract.h"
#include "input.h"

// A contract is refused with a sentence, or reads the same after it was written again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const auto contract = Access::Contract::parse(Fuzz::view(bytes, size).toByteArray());
    if (!contract) {
        Fuzz::require(!contract.error().message.isEmpty());
        return 0;
    }
    const auto again = Access::Contract::parse(contract->toYaml());
    Fuzz::require(again.has_value() && again->rules.size() == contract->rules.size());
    return 0;
}
