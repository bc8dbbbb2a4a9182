#pragma once

#include "access/bloboperation.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

namespace Sandbox {

/// The shape in which one operation of the Blob service is sent to Azurite: everything that may be
/// in its request. Azurite tells operations apart by verb, path, required query keys and required
/// headers, so a request of this shape can be no other operation to it.
struct BlobOperationForm
{
    enum class Way {
        Azurite,    ///< Azurite carries it out
        Head,       ///< Azurite has no such operation; it is asked by HEAD whether the target exists
        ContainerHead, ///< the target cannot exist; Azurite is asked for its container only
        Sandbox,    ///< the sandbox answers without asking
    };
    enum class Body {
        None,
        Bytes, ///< stored as it is
        Xml,
        Tags, ///< XML, read and written anew
    };

    const char *name;  ///< as in Access::BlobOperation
    const char *verbs; ///< separated by blanks
    const char *fixed; ///< the values of restype and comp, e.g. "restype=container&comp=list"
    const char *query = ""; ///< optional query keys, separated by blanks
    const char *required = ""; ///< headers, each "name" or "name=value", separated by blanks
    const char *headers = ""; ///< optional headers; a trailing '*' stands for any ending
    Body body = Body::None;
    Way way = Way::Azurite;
    const char *azurite = ""; ///< Azurite's names for the operation, separated by blanks
};

/// All forms. Of several forms of one operation the first whose required headers are there counts.
const QList<BlobOperationForm> &blobOperationForms();

/// The words of a member of BlobOperationForm.
QByteArrayList wordsOf(const char *words);

} // namespace Sandbox
