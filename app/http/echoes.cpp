#include "http/echoes.h"

#include <QSet>
#include <algorithm>

namespace Http {

namespace {

constexpr qsizetype s_shortest = 8; // shorter ones may stand in any text, and would be no secrets
const QByteArray s_mask = "********";

// Fields of a form that say nothing secret (RFC 6749, 7523, 8628); any other is taken for a secret.
bool isPublic(const QByteArray &name)
{
    static const QSet<QByteArray> known{
        "client_id",    "scope",       "grant_type", "client_assertion_type",
        "redirect_uri", "client_info", "resource",   "response_type",
        "tenant"};
    return known.contains(name);
}

QByteArray escaped(QByteArray text,
                   std::initializer_list<std::pair<const char *, const char *>> steps)
{
    for (const auto &[from, to] : steps)
        text.replace(from, to);
    return text;
}

void addForms(const QByteArray &value, QSet<QByteArray> &forms)
{
    const QByteArray percent = value.toPercentEncoding();
    for (const QByteArray &form :
         {value, percent, percent.toLower(), escaped(value, {{"\\", "\\\\"}, {"\"", "\\\""}}),
          escaped(value, {{"\\", "\\\\"}, {"\"", "\\\""}, {"/", "\\/"}}),
          escaped(value, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}})}) {
        if (form.size() >= s_shortest)
            forms.insert(form);
    }
}

QList<QByteArray> secretsOf(const Request &request)
{
    QSet<QByteArray> forms;
    if (!request.bearer.isEmpty())
        addForms(request.bearer.reveal().toByteArray(), forms);
    const QByteArray body = request.secretBody.reveal().toByteArray();
    for (const QByteArray &field : body.split('&')) {
        const qsizetype equals = field.indexOf('=');
        if (equals > 0 && !isPublic(field.first(equals)))
            addForms(QByteArray::fromPercentEncoding(field.mid(equals + 1)), forms);
    }
    // The longer first: what is encoded may hold what is not.
    QList<QByteArray> all(forms.cbegin(), forms.cend());
    std::sort(all.begin(), all.end(),
              [](const QByteArray &a, const QByteArray &b) { return a.size() > b.size(); });
    return all;
}

bool handsOutTokens(const Response &response)
{
    return response.isSuccess() && response.body.contains("\"access_token\"") &&
           !response.body.contains("\"error\"");
}

} // namespace

void maskEchoes(Response &response, const Request &request)
{
    if ((request.bearer.isEmpty() && request.secretBody.isEmpty()) || handsOutTokens(response))
        return;
    for (const QByteArray &secret : secretsOf(request)) {
        if (response.body.contains(secret))
            response.body.replace(secret, s_mask);
        for (auto &[name, value] : response.headers) {
            if (value.contains(secret))
                value.replace(secret, s_mask);
        }
    }
}

} // namespace Http
