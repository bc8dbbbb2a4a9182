#pragma once

#include "handover/consumers.h"

namespace Handover {

/// Servers and tools that read a format, asked without starting what they serve.
QList<Consumer> serviceConsumers();
/// Those who read a format and are not asked, each with the reason.
QList<Consumer> unaskedConsumers();

} // namespace Handover
