#pragma once

#include "core/result.h"
#include "http/message.h"

class QObject;

namespace Http {

/// The one way out of the program.
class Transport
{
public:
    virtual ~Transport() = default;

    /// Sends \a request and calls \a done once, through the event loop. Deleting \a context aborts the request and
    /// \a done is then never called. An Error means that no answer came: Network, Tls, Timeout, BadResponse (a body
    /// that is cut off or too long, a refused redirect), InvalidInput (a URL that may not be asked).
    virtual void send(Request request, QObject *context, Core::Done<Response> done) = 0;
};

} // namespace Http
