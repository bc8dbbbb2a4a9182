#pragma once

#include "core/secret.h"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

namespace Identity::OpenSsl {

template<auto Free>
struct Freed
{
    template<typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};

using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Pkcs12 = std::unique_ptr<PKCS12, Freed<PKCS12_free>>;
using X509 = std::unique_ptr<::X509, Freed<X509_free>>;

/// A reader over \a bytes, which must outlive it.
inline Bio reader(QByteArrayView bytes)
{
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// A writer whose memory is wiped when it goes.
inline Bio secretWriter()
{
    return Bio(BIO_new(BIO_s_secmem()));
}

inline Core::Secret written(const Bio &bio)
{
    char *start = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &start);
    return Core::Secret(QByteArrayView(start, size));
}

} // namespace Identity::OpenSsl
