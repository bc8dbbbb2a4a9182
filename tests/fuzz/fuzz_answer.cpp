#include "access/explanation.h"
#include "access/remedies.h"
#include "input.h"
#include "storage/serviceerror.h"

// Any answer of any service gets an explanation with a meaning, and no crash.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    QByteArrayView input = Fuzz::view(bytes, size);
    const int statuses[] = {400, 401, 403, 404, 409, 412, 429, 500, 503, 304};
    Http::Response response;
    response.status = statuses[Fuzz::choice(&input, 10)];
    const qsizetype end = input.indexOf('\0');
    const QByteArray head = (end < 0 ? QByteArrayView() : input.first(end)).toByteArray();
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            response.headers.append({line.first(colon), line.mid(colon + 1).trimmed()});
    }
    response.body = input.sliced(end + 1).toByteArray();
    const Access::Remedy remedy = Access::explainResponse(response.status, response.headers, response.body);
    Fuzz::require(!remedy.meaning.isEmpty());
    const Core::Error error = Storage::blobError(response);
    Fuzz::require(!error.message.isEmpty());
    (void)Access::withRemedy(error);
    (void)Access::remedyFor(QString::fromUtf8(input.first(std::min<qsizetype>(input.size(), 40))));
    return 0;
}
