#include "azure/scope.h"

#include <QRegularExpression>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

bool same(QStringView a, QStringView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

constexpr QStringView managementGroups = u"/providers/Microsoft.Management/managementGroups/";

} // namespace

Core::Result<Scope> Scope::parse(const QString &id)
{
    QString text = id.trimmed();
    while (text.size() > 1 && text.endsWith(u'/'))
        text.chop(1);
    // Names of some providers' resources hold blanks ("/…/metricAlerts/high load"), and a list of assignments may have them.
    const bool mayHoldBlanks = text.contains(u"/providers/"_s, Qt::CaseInsensitive);
    if (!text.startsWith(u'/') || text.contains(u"//") || text.contains(u'?') || text.contains(u'#')
        || (text.contains(u' ') && !mayHoldBlanks)) {
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” is no resource ID."_s.arg(id.left(200)),
                     .nextStep = u"A resource ID begins with /subscriptions/… or /providers/…."_s};
    }
    Scope scope;
    scope.m_id = text;
    return scope;
}

Scope Scope::container(const QString &name) const
{
    Scope scope;
    scope.m_id = m_id + u"/blobServices/default/containers/"_s + name;
    return scope;
}

Scope::Level Scope::level() const
{
    if (m_id == u"/")
        return Level::Root;
    if (m_id.startsWith(managementGroups, Qt::CaseInsensitive))
        return Level::ManagementGroup;
    const QStringList parts = m_id.split(u'/', Qt::SkipEmptyParts);
    if (!same(parts[0], u"subscriptions"))
        return Level::Resource;
    if (parts.size() <= 2)
        return Level::Subscription;
    if (parts.size() <= 4 && same(parts[2], u"resourceGroups"))
        return Level::ResourceGroup;
    // …/providers/{namespace}/{type}/{name}[/{type}/{name}…]
    const qsizetype provider = parts.indexOf(QRegularExpression(u"^providers$"_s, QRegularExpression::CaseInsensitiveOption));
    return provider >= 0 && parts.size() > provider + 4 ? Level::SubResource : Level::Resource;
}

QString Scope::subscriptionId() const
{
    const QStringList parts = m_id.split(u'/', Qt::SkipEmptyParts);
    return parts.size() >= 2 && same(parts[0], u"subscriptions") ? parts[1] : QString();
}

QString Scope::resourceGroup() const
{
    const QStringList parts = m_id.split(u'/', Qt::SkipEmptyParts);
    return parts.size() >= 4 && same(parts[2], u"resourceGroups") ? parts[3] : QString();
}

QString Scope::lastName() const
{
    return m_id.section(u'/', -1);
}

bool Scope::contains(const Scope &other) const
{
    if (m_id == u"/" || same(m_id, other.m_id))
        return true;
    return other.m_id.size() > m_id.size() && other.m_id[m_id.size()] == u'/'
        && other.m_id.startsWith(m_id, Qt::CaseInsensitive);
}

bool Scope::operator==(const Scope &other) const
{
    return same(m_id, other.m_id);
}

} // namespace Azure
