#pragma once

#include "http/transport.h"

#include <QJsonArray>
#include <QObject>

namespace Azure {

/// What differs between the lists of Resource Manager and Microsoft Graph.
struct ListStyle
{
    QString service;  ///< as it is called in messages
    QString nextLink; ///< the member that names the next page
};

/// Reads the whole list that \a request asks for: page by page, only on the same origin, never
/// twice the same page. Errors: as armError(), BadResponse and the transport's.
void readList(Http::Transport &transport, Http::Request request, const ListStyle &style,
              QObject *context, Core::Done<QJsonArray> done);

} // namespace Azure
