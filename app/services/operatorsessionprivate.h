#pragma once

#include "services/operatorsession.h"

#include <QHash>

namespace Services {

struct OperatorSession::Private
{
    Http::Transport &transport;
    Vault::SecretStore &secrets;
    const Core::Clock &clock;
    OperatorsFile file;
    QHash<QString, Identity::AccessToken> kept{}; ///< by keptKey()
    QHash<QString, QString> tenants{};            ///< GUIDs by cloud and domain

    Core::Result<QString> key(const Operator &who) const
    {
        const Core::Result<Operators> all = file.read();
        if (!all)
            return all.error();
        return QStringLiteral("operator/%1/%2").arg(all->id, who.id);
    }
    static QString keptKey(const Operator &who, const QString &scope)
    {
        return who.id + u'|' + who.cloud + u'|' + who.tenant + u'|' + who.tenantId + u'|' + scope;
    }
    void remember(const Operator &who, const Identity::AccessToken &token)
    {
        kept.insert(keptKey(who, token.scope), token);
    }
    static QString place(const QString &cloud, const QString &domain)
    {
        return cloud + u'|' + domain.toLower();
    }
};

} // namespace Services
