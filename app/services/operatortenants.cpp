#include "core/deliver.h"
#include "identity/credentiallint.h"
#include "identity/tenantid.h"
#include "services/operatorsessionprivate.h"

#include <algorithm>
#include <memory>

// Of the operator's sign-ins what is seldom needed: a tenant by its domain, and what was left
// behind in the keychain.
namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

void OperatorSession::resolve(const QString &cloudName, const QString &domain, QObject *context,
                              Core::Done<QString> done)
{
    const QString place = Private::place(cloudName, domain);
    if (const QString known = d->tenants.value(place); !known.isEmpty())
        return Core::deliver(context, std::move(done), known);
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(cloudName);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());
    d->transport.send(Identity::tenantRequest(*cloud, domain), context,
                      [this, place, done = std::move(done)](const Result<Http::Response> &answer) {
                          if (!answer)
                              return done(answer.error());
                          const Result<QString> id = Identity::parseTenantId(*answer);
                          if (id)
                              d->tenants.insert(place, *id);
                          done(id);
                      });
}

void OperatorSession::signInsTo(const QString &tenant, QObject *context,
                                Core::Done<QList<Operator>> done)
{
    const Result<QList<Operator>> all = list();
    if (!all)
        return Core::deliver(context, std::move(done), all.error());
    QList<Operator> found;
    std::copy_if(all->cbegin(), all->cend(), std::back_inserter(found),
                 [&](const Operator &one) { return one.isFor(tenant); });
    QStringList clouds;
    for (const Operator &one : *all)
        clouds.append(one.cloud);
    clouds.removeDuplicates();
    if (!found.isEmpty() || !Identity::isDomainName(tenant) || clouds.isEmpty())
        return Core::deliver(context, std::move(done), found);
    const auto open = std::make_shared<qsizetype>(clouds.size());
    const auto ids = std::make_shared<QHash<QString, QString>>();
    for (const QString &cloud : std::as_const(clouds)) {
        resolve(cloud, tenant, context, [=, all = *all](const Result<QString> &id) {
            if (id)
                ids->insert(cloud, *id);
            if (--*open > 0)
                return;
            QList<Operator> meant;
            std::copy_if(all.cbegin(), all.cend(), std::back_inserter(meant),
                         [&](const Operator &one) { return one.isFor(ids->value(one.cloud)); });
            done(meant);
        });
    }
}

void OperatorSession::findOrphans(QObject *context, Core::Done<QList<Orphan>> done)
{
    const Result<Operators> all = d->file.read();
    if (!all)
        return Core::deliver(context, std::move(done), all.error());
    d->secrets.keys(u"operator/"_s, context,
                    [all = *all, done = std::move(done)](const Result<QStringList> &keys) {
                        if (!keys)
                            return done(keys.error());
                        const QString own = u"operator/"_s + all.id + u'/';
                        QList<Orphan> orphans;
                        for (const QString &key : *keys) {
                            const bool elsewhere = !key.startsWith(own);
                            const QString id = key.sliced(elsewhere ? key.size() : own.size());
                            const bool named = std::any_of(
                                all.signedIn.cbegin(), all.signedIn.cend(),
                                [&](const Operator &one) { return !elsewhere && one.id == id; });
                            if (!named)
                                orphans.append({key, elsewhere});
                        }
                        done(orphans);
                    });
}

void OperatorSession::removeOrphan(const Orphan &orphan, QObject *context, Core::Done<void> done)
{
    if (!orphan.key.startsWith(u"operator/"))
        return Core::deliver(context, std::move(done),
                             Error{.kind = Error::Kind::InvalidInput,
                                   .message = u"This is no refresh token of an operator."_s});
    d->secrets.remove(orphan.key, context, std::move(done));
}

} // namespace Services
