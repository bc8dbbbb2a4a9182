#pragma once

#include "core/background.h"

namespace Ui {

using Core::inBackground;

} // namespace Ui
