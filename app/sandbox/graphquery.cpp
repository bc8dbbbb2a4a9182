#include "sandbox/graphquery.h"

#include <QRegularExpression>
#include <QUrlQuery>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qsizetype s_pageSize = 100;
constexpr qsizetype s_mostPerPage = 999;
const QString s_skipToken = u"$skiptoken"_s;

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QString unquoted(QString value)
{
    return value.replace(u"''"_s, u"'"_s);
}

/// The parts between " and ", but not where that stands inside quotes.
QStringList terms(const QString &filter)
{
    QStringList parts{QString()};
    bool quoted = false;
    for (qsizetype at = 0; at < filter.size(); ++at) {
        if (!quoted && QStringView(filter).mid(at, 5).compare(u" and ", Qt::CaseInsensitive) == 0) {
            parts.append(QString());
            at += 4;
            continue;
        }
        quoted = quoted != (filter[at] == u'\'');
        parts.last() += filter[at];
    }
    return parts;
}

} // namespace

std::optional<GraphQuery::Term> GraphQuery::term(const QString &text)
{
    static const QString value = u"'((?:[^']|'')*)'"_s;
    static const auto insensitive = QRegularExpression::CaseInsensitiveOption;
    static const QRegularExpression equal(u"^\\s*(\\w+)\\s+eq\\s+"_s + value + u"\\s*$"_s,
                                          insensitive);
    static const QRegularExpression starts(
        u"^\\s*startswith\\(\\s*(\\w+)\\s*,\\s*"_s + value + u"\\s*\\)\\s*$"_s, insensitive);
    static const QRegularExpression any(
        u"^\\s*(\\w+)/any\\(\\s*(\\w+)\\s*:\\s*(?:\\2)\\s+eq\\s+"_s + value + u"\\s*\\)\\s*$"_s,
        insensitive);
    if (const auto match = equal.match(text); match.hasMatch())
        return Term{Term::Kind::Equal, match.captured(1), unquoted(match.captured(2))};
    if (const auto match = starts.match(text); match.hasMatch())
        return Term{Term::Kind::StartsWith, match.captured(1), unquoted(match.captured(2))};
    if (const auto match = any.match(text); match.hasMatch())
        return Term{Term::Kind::AnyEqual, match.captured(1), unquoted(match.captured(3))};
    return std::nullopt;
}

std::optional<GraphQuery> GraphQuery::parse(const Incoming &request)
{
    GraphQuery query;
    query.m_query = request.rawQuery();
    if (const QString filter = request.query(u"$filter"_s); !filter.isNull()) {
        for (const QString &text : terms(filter)) {
            const auto one = term(text);
            if (!one)
                return std::nullopt;
            query.m_terms.append(*one);
        }
    }
    if (const QString select = request.query(u"$select"_s); !select.isEmpty())
        query.m_select = select.split(u',', Qt::SkipEmptyParts);
    const auto number = [&](const QString &name, qsizetype most, qsizetype &into) {
        const QString text = request.query(name);
        bool good = true;
        into = text.isNull() ? 0 : text.toLongLong(&good);
        return good && into >= 0 && into <= most;
    };
    if (!number(u"$top"_s, s_mostPerPage, query.m_top) ||
        !number(s_skipToken, 1'000'000, query.m_from))
        return std::nullopt;
    return query;
}

bool GraphQuery::matches(const QJsonObject &document) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term &term) {
        const QJsonValue value = document.value(term.member);
        switch (term.kind) {
        case Term::Kind::Equal: return value.isString() && same(value.toString(), term.value);
        case Term::Kind::StartsWith:
            return value.toString().startsWith(term.value, Qt::CaseInsensitive);
        case Term::Kind::AnyEqual: break;
        }
        const QJsonArray all = value.toArray();
        return std::any_of(all.begin(), all.end(),
                           [&](const QJsonValue &one) { return same(one.toString(), term.value); });
    });
}

QJsonObject GraphQuery::selected(const QJsonObject &document) const
{
    if (m_select.isEmpty())
        return document;
    QJsonObject some;
    for (const QString &key : m_select) {
        if (document.contains(key.trimmed()))
            some.insert(key.trimmed(), document.value(key.trimmed()));
    }
    return some;
}

QJsonObject GraphQuery::page(const QJsonArray &documents, qsizetype pageSize,
                             const QString &url) const
{
    QJsonArray matching;
    for (const QJsonValue &one : documents) {
        if (matches(one.toObject()))
            matching.append(selected(one.toObject()));
    }
    qsizetype size = pageSize > 0 ? pageSize : s_pageSize;
    if (m_top > 0)
        size = std::min(size, m_top);
    QJsonArray some;
    for (qsizetype at = m_from; at < std::min(m_from + size, matching.size()); ++at)
        some.append(matching[at]);
    QJsonObject body{{u"value"_s, some}};
    if (m_from + size < matching.size()) {
        QUrlQuery next(QString::fromUtf8(m_query));
        next.removeAllQueryItems(s_skipToken);
        next.addQueryItem(s_skipToken, QString::number(m_from + size));
        body.insert(u"@odata.nextLink"_s, url + u'?' + next.toString(QUrl::FullyEncoded));
    }
    return body;
}

} // namespace Sandbox
