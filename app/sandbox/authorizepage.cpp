#include "sandbox/authorizepage.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

QString input(const QString &label, const QString &name, const QString &type, const QString &value)
{
    return u"<p><label>%1<br><input id=\"%2\" name=\"%2\" type=\"%3\" value=\"%4\" autocomplete=\"off\"></label></p>\n"_s
        .arg(label, name, type, value.toHtmlEscaped());
}

Answer page(int status, const QString &title, const QString &body, const QDateTime &now)
{
    const QString html =
        u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
        u"charset=\"utf-8\"><title>%1</title></head>\n"
        "<body><h1>%1</h1>\n<p>Rolescope's sandbox: this is not Microsoft.</p>\n%2</body></html>\n"_s
            .arg(title.toHtmlEscaped(), body);
    return {.status = status,
            .headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Cache-Control", "no-store, no-cache"},
                        {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"X-Frame-Options", "DENY"},
                        {"Date", httpDate(now)}},
            .body = html.toUtf8()};
}

QString complaintOf(const QString &text)
{
    return text.isEmpty()
               ? QString()
               : u"<p id=\"complaint\" role=\"alert\">%1</p>\n"_s.arg(text.toHtmlEscaped());
}

QString buttons()
{
    return u"<p><button id=\"submit\" type=\"submit\">Sign in</button>\n"
           "<button id=\"decline\" type=\"submit\" name=\"decline\" value=\"1\">Cancel</button></p>\n</form>\n"_s;
}

} // namespace

Answer signInPage(const QUrlQuery &fields, const QString &userName, const QString &complaint,
                  const QDateTime &now)
{
    static const QStringList own{u"username"_s, u"password"_s, u"decline"_s};
    QString form = complaintOf(complaint) + u"<form method=\"post\">\n"_s;
    for (const auto &[key, value] : fields.queryItems(QUrl::FullyDecoded)) {
        if (!own.contains(key))
            form += u"<input type=\"hidden\" name=\"%1\" value=\"%2\">\n"_s.arg(
                key.toHtmlEscaped(), value.toHtmlEscaped());
    }
    form += input(u"User name"_s, u"username"_s, u"text"_s, userName) +
            input(u"Password"_s, u"password"_s, u"password"_s, {}) + buttons();
    return page(200, u"Sign in to your account"_s, form, now);
}

Answer devicePage(const QString &userName, const QString &complaint, const QDateTime &now)
{
    return page(200, u"Enter code"_s,
                complaintOf(complaint) + u"<form method=\"post\">\n"_s +
                    input(u"Code"_s, u"code"_s, u"text"_s, {}) +
                    input(u"User name"_s, u"username"_s, u"text"_s, userName) +
                    input(u"Password"_s, u"password"_s, u"password"_s, {}) + buttons(),
                now);
}

Answer closingPage(const QString &text, const QDateTime &now)
{
    return page(200, u"Sign in"_s, u"<p id=\"done\">%1</p>\n"_s.arg(text.toHtmlEscaped()), now);
}

Answer errorPage(const EntraError &error, const QDateTime &now)
{
    return page(400, u"Sorry, but we're having trouble signing you in"_s,
                complaintOf(u"AADSTS%1: %2"_s.arg(QString::number(error.number), error.text)), now);
}

} // namespace Sandbox
