#include "core/error.h"

namespace Core {

using namespace Qt::StringLiterals;

QString kindName(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::InvalidInput: return u"invalidInput"_s;
    case Error::Kind::NotFound: return u"notFound"_s;
    case Error::Kind::Conflict: return u"conflict"_s;
    case Error::Kind::Unauthenticated: return u"unauthenticated"_s;
    case Error::Kind::Forbidden: return u"forbidden"_s;
    case Error::Kind::Throttled: return u"throttled"_s;
    case Error::Kind::Network: return u"network"_s;
    case Error::Kind::Tls: return u"tls"_s;
    case Error::Kind::Timeout: return u"timeout"_s;
    case Error::Kind::Cancelled: return u"cancelled"_s;
    case Error::Kind::BadResponse: return u"badResponse"_s;
    case Error::Kind::KeychainLocked: return u"keychainLocked"_s;
    case Error::Kind::KeychainAbsent: return u"keychainAbsent"_s;
    case Error::Kind::KeychainDenied: return u"keychainDenied"_s;
    case Error::Kind::File: return u"file"_s;
    case Error::Kind::Unsupported: return u"unsupported"_s;
    }
    return u"unknown"_s;
}

QString describe(const Error &error)
{
    QString text = error.message;
    if (!error.code.isEmpty() && !text.contains(error.code))
        text += u" ("_s + error.code + u')';
    if (!error.nextStep.isEmpty())
        text += u"\n  next: "_s + error.nextStep;
    if (!error.requestId.isEmpty())
        text += u"\n  request: "_s + error.requestId;
    return text;
}

} // namespace Core
