#pragma once

#include "serving/message.h"

// The sandbox speaks of requests and answers on every page; what they are is Serving's.
namespace Sandbox {

using Serving::Answer;
using Serving::field;
using Serving::formFields;
using Serving::httpDate;
using Serving::Incoming;
using Serving::reasonPhrase;

} // namespace Sandbox
