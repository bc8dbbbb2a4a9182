#pragma once

#include "core/result.h"
#include "envfile/format.h"

namespace EnvFile {

/// The variables of {"NAME":"value"}, or {"NAME":{"base64":"…"}} for bytes that are no text, in the
/// document's order. Strict: one object, RFC 8259, UTF-8 (a byte order mark is passed over), no
/// name twice, no half of a surrogate pair. Errors: InvalidInput with the position; the message
/// never quotes a value.
Core::Result<Variables> variablesFromJson(QByteArrayView json);

} // namespace EnvFile
