#include "access/contract.h"
#include "access/reportreader.h"
#include "input.h"

#include <QJsonDocument>

// A stored check: read, or refused with a sentence. A contract made of it can be compared with it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const QJsonObject json = QJsonDocument::fromJson(Fuzz::view(bytes, size).toByteArray()).object();
    const auto report = Access::reportFromJson(json);
    if (!report) {
        Fuzz::require(!report.error().message.isEmpty());
        return 0;
    }
    (void)Access::compare(Access::Contract::of(*report), *report);
    return 0;
}
