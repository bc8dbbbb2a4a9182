#pragma once

#include "core/result.h"

#include <QByteArrayView>
#include <QList>
#include <QString>
#include <utility>

namespace Storage {

/// What Get Blob Tags answers, as pairs of key and value. Errors: BadResponse.
Core::Result<QList<std::pair<QString, QString>>> parseTags(QByteArrayView xml);

} // namespace Storage
