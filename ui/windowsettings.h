#pragma once

#include "core/error.h"

#include <QSettings>
#include <memory>
#include <optional>

namespace Ui {

/// The file "window.ini". What cannot be read as this program writes it is not used, and not written over.
struct WindowSettings
{
    std::unique_ptr<QSettings> values; ///< without any value where the file is damaged
    std::optional<Core::Error> damage; ///< then nothing may be written

    static WindowSettings open(const QString &path);
};

} // namespace Ui
