#include "identity/credentialimport.h"
#include "identity/credentiallint.h"

// Whatever is pasted: no crash, and what was understood goes through the lint.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const auto found = Identity::importCredential({reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size)});
    if (found)
        (void)Identity::lint({found->tenant, found->clientId, found->secret});
    return 0;
}
