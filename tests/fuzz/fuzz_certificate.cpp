#include "identity/certificate.h"
#include "input.h"

// The first byte chooses a passphrase. No crash, and an error always says something.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    QByteArrayView file = Fuzz::view(bytes, size);
    const char *const passphrases[] = {"", "secret", "wrong"};
    const Core::Secret passphrase{QByteArrayView(passphrases[Fuzz::choice(&file, 3)])};
    const auto certificate = Identity::readCertificate(file, passphrase);
    if (!certificate) {
        Fuzz::require(!certificate.error().message.isEmpty());
        return 0;
    }
    const auto again = Identity::readCertificate(certificate->pem.reveal());
    Fuzz::require(again && again->thumbprint == certificate->thumbprint);
    return 0;
}
