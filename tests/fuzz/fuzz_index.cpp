#include "input.h"
#include "vault/principalindex.h"

// An index is refused with a sentence, or reads the same after it was written again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const QString path = QStringLiteral("principals.json");
    const auto index = Vault::PrincipalIndex::parse(Fuzz::view(bytes, size).toByteArray(), path);
    if (!index) {
        Fuzz::require(!index.error().message.isEmpty());
        return 0;
    }
    const auto again = Vault::PrincipalIndex::parse(index->toJson(), path);
    Fuzz::require(again.has_value() && again->principals == index->principals && again->keys == index->keys);
    return 0;
}
