#pragma once

#include "http/message.h"

namespace Http {

/// Some servers repeat in an answer, mostly an error, what they were sent. Replaces the token and
/// the secret fields of \a request by "********" in headers and body of \a response, as they were
/// sent and as JSON, markup or nothing at all would encode them: what is shown, logged and kept is
/// made of that. An answer that hands out tokens is left alone, since it may give the same refresh
/// token again.
void maskEchoes(Response &response, const Request &request);

} // namespace Http
