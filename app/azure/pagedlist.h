#pragma once

#include "http/transport.h"

#include <QJsonArray>
#include <QJsonObject>
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

/// Hands the items of a list on as values; the error of the first that \a parse cannot read ends it.
template<typename T>
Core::Done<QJsonArray> parsed(Core::Done<QList<T>> done, Core::Result<T> (*parse)(const QJsonObject &))
{
    return [done = std::move(done), parse](const Core::Result<QJsonArray> &items) {
        if (!items)
            return done(items.error());
        QList<T> list;
        for (const QJsonValue &item : *items) {
            Core::Result<T> one = parse(item.toObject());
            if (!one)
                return done(one.error());
            list.append(*one);
        }
        done(list);
    };
}

} // namespace Azure
