#pragma once

#include "sandbox/message.h"

#include <QJsonArray>
#include <QJsonObject>
#include <optional>

namespace Sandbox {

/// Graph's query options, as far as they are understood: $filter (eq, startswith, any with eq,
/// joined by "and"), $select, $top and paging.
class GraphQuery final
{
public:
    /// Nothing where $filter, $top or $skiptoken is not understood.
    static std::optional<GraphQuery> parse(const Incoming &request);

    bool matches(const QJsonObject &document) const;
    /// Only the members that were asked for.
    QJsonObject selected(const QJsonObject &document) const;
    /// The answer's body: the page of those of \a documents that match, and where the next one is.
    /// \a pageSize: of the service, 100 where it is 0; \a url: of the collection, without query.
    QJsonObject page(const QJsonArray &documents, qsizetype pageSize, const QString &url) const;

private:
    struct Term
    {
        enum class Kind { Equal, StartsWith, AnyEqual };
        Kind kind = Kind::Equal;
        QString member;
        QString value;
    };
    static std::optional<Term> term(const QString &text);

    QList<Term> m_terms;
    QStringList m_select;
    qsizetype m_top = 0;
    qsizetype m_from = 0;
    QByteArray m_query; ///< as it came
};

} // namespace Sandbox
