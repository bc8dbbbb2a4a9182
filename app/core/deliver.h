#pragma once

#include "core/result.h"

#include <QMetaObject>
#include <QObject>

namespace Core {

/// Calls \a done with \a result through the event loop of \a context's thread, unless \a context dies before.
template<typename T>
void deliver(QObject *context, Done<T> done, std::type_identity_t<Result<T>> result)
{
    QMetaObject::invokeMethod(
        context,
        [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); },
        Qt::QueuedConnection);
}

} // namespace Core
