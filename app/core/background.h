#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <memory>

namespace Core {

/// Does \a work on another thread and gives its outcome to \a then on this one, unless \a context
/// died meanwhile.
template<typename T>
void inBackground(QObject *context, std::function<T()> work, std::function<void(const T &)> then)
{
    QThreadPool::globalInstance()->start(
        [guard = QPointer<QObject>(context), work = std::move(work), then = std::move(then)] {
            auto outcome = std::make_shared<T>(work());
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [guard, outcome, then] {
                    if (guard)
                        then(*outcome);
                },
                Qt::QueuedConnection);
        });
}

} // namespace Core
