#pragma once

#include "http/message.h"
#include "support/recordings.h"

namespace Test {

/// In what \a asked differs from the recorded request, in words; empty where verb, URL, the headers
/// that matter and the JSON body agree. Escapes in the URL, the order of JSON members and (unless
/// \a version) the api-version may differ.
QString difference(const Http::Request &asked, const Exchange &recorded, bool version = true);

} // namespace Test
