#include "sandbox/grantstore.h"

#include "sandbox/tokenissuer.h"

#include <QRandomGenerator>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

/// Nine letters and digits that cannot be mistaken for each other.
QString newUserCode()
{
    static const QString alphabet = u"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"_s;
    QString code;
    for (int index = 0; index < 9; ++index)
        code += alphabet[QRandomGenerator::system()->bounded(int(alphabet.size()))];
    return code;
}

template<typename List, typename Matches>
auto firstOf(List &list, Matches matches) -> decltype(&*list.begin())
{
    const auto found = std::find_if(list.begin(), list.end(), matches);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

DeviceCode &GrantStore::addDeviceCode(const SignInRequest &request, const QDateTime &expires)
{
    m_devices.append({.code = TokenIssuer::opaque(60),
                      .userCode = newUserCode(),
                      .request = request,
                      .expires = expires});
    return m_devices.last();
}

AuthorizationCode &GrantStore::addAuthorizationCode(const SignInRequest &request,
                                                    const QString &user, const QDateTime &expires)
{
    m_codes.append({.code = u"0."_s + TokenIssuer::opaque(120),
                    .request = request,
                    .expires = expires,
                    .user = user});
    return m_codes.last();
}

QString GrantStore::addRefreshToken(const QString &clientId, const QString &user,
                                    const QDateTime &expires)
{
    m_refreshTokens.append({u"0."_s + TokenIssuer::opaque(160), clientId, user, expires});
    return m_refreshTokens.last().token;
}

DeviceCode *GrantStore::deviceCode(const QString &code)
{
    return firstOf(m_devices, [&](const DeviceCode &one) { return one.code == code; });
}

DeviceCode *GrantStore::userCode(const QString &typed)
{
    QString plain = typed.toUpper();
    plain.remove(u' ').remove(u'-');
    return firstOf(m_devices, [&](const DeviceCode &one) { return one.userCode == plain; });
}

AuthorizationCode *GrantStore::authorizationCode(const QString &code)
{
    return firstOf(m_codes, [&](const AuthorizationCode &one) { return one.code == code; });
}

const RefreshToken *GrantStore::refreshToken(const QString &token) const
{
    return firstOf(m_refreshTokens, [&](const RefreshToken &one) { return one.token == token; });
}

void GrantStore::revoke(const QString &user, const QString &clientId)
{
    m_refreshTokens.removeIf(
        [&](const RefreshToken &one) { return one.user == user && one.clientId == clientId; });
}

} // namespace Sandbox
