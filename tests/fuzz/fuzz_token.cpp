#include "identity/accesstoken.h"
#include "identity/tokenprotocol.h"
#include "input.h"
#include "sandbox/jwt.h"

// A token endpoint's answer and a JWT, as a hostile server could send them.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    QByteArrayView input = Fuzz::view(bytes, size);
    const int statuses[] = {200, 400, 401, 429, 500, 302};
    Http::Response response;
    response.status = statuses[Fuzz::choice(&input, 6)];
    response.body = input.toByteArray();
    const QDateTime now = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    const auto token = Identity::parseTokenResponse(response, QStringLiteral("s"), now);
    if (token) {
        Fuzz::require(!token->value.isEmpty() && token->expiresAt.isValid());
    } else {
        Fuzz::require(!token.error().message.isEmpty());
    }
    (void)Identity::oauthError(response);
    (void)Identity::TokenClaims::decode(Core::Secret(input));
    (void)Sandbox::Jwt::parse(response.body);
    return 0;
}
