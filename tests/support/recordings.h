#pragma once

#include "http/message.h"

#include <QList>
#include <QString>

namespace Test {

/// One recorded exchange with the real service.
struct Exchange {
    QByteArray verb;
    QUrl url;
    Http::Headers requestHeaders;
    QByteArray requestBody;
    Http::Response response;
};

/// The shared folder beside the checkout, or an empty string where it is absent (then a test says so and skips).
QString sharedFolder();
/// File names in recordings/\a group that begin with \a prefix, sorted.
QStringList recordingNames(const QString &group, const QString &prefix = {});
/// The exchanges of recordings/\a group/\a file, in order.
QList<Exchange> recording(const QString &group, const QString &file);

} // namespace Test
