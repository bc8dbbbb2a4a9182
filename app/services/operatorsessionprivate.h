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
    QHash<QString, Identity::AccessToken> kept{}; ///< by id and scope
    QHash<QString, QString> tenants{};            ///< GUIDs by cloud and domain

    Core::Result<QString> key(const Operator &who) const
    {
        const Core::Result<Operators> all = file.read();
        if (!all)
            return all.error();
        return QStringLiteral("operator/%1/%2").arg(all->id, who.id);
    }
    void remember(const Operator &who, const Identity::AccessToken &token)
    {
        kept.insert(who.id + u'|' + token.scope, token);
    }
    static QString place(const QString &cloud, const QString &domain)
    {
        return cloud + u'|' + domain.toLower();
    }
};

} // namespace Services
