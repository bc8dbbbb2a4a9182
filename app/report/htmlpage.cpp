#include "report/htmlpage.h"

#include "report/wording.h"

namespace Report {

using namespace Qt::StringLiterals;
using Access::Observation;

namespace {

// Colours that keep a contrast of 4.5 to 1 on their ground; shape says the same as colour.
const char *const style = R"(
:root { --ground:#ffffff; --text:#1d2329; --faint:#5a646e; --line:#d5dae0; --head:#f1f3f6;
  --allowed:#136b34; --allowed-bg:#e2f5e8; --denied:#a01c1c; --denied-bg:#fbe6e6; --undecided:#7a5200; --undecided-bg:#fdf1d6; --mark:#6b3fa0; }
@media (prefers-color-scheme: dark) { :root { --ground:#15191e; --text:#e4e8ec; --faint:#a0abb6; --line:#3a434d; --head:#20262d;
  --allowed:#7fdc9f; --allowed-bg:#17321f; --denied:#ff9b9b; --denied-bg:#3f1c1c; --undecided:#f3c969; --undecided-bg:#3a2e12; --mark:#c9a6ff; } }
@media print { :root { --ground:#ffffff; --text:#000000; --faint:#444444; --line:#aaaaaa; --head:#eeeeee;
  --allowed:#0b4d22; --allowed-bg:#ffffff; --denied:#8a0f0f; --denied-bg:#ffffff; --undecided:#5f4000; --undecided-bg:#ffffff; --mark:#4b2a78; }
  body { margin:0; max-width:none; font-size:9pt } .scroll { overflow:visible } tr, li { break-inside:avoid } h2 { break-after:avoid } a { color:inherit } }
@page { size:A4 landscape; margin:12mm }
:root { color-scheme: light dark }
* { box-sizing:border-box }
body { font:15px/1.5 system-ui, sans-serif; background:var(--ground); color:var(--text); max-width:75rem; margin:2rem auto; padding:0 1.25rem; overflow-wrap:anywhere }
h1 { font-size:1.5rem; line-height:1.25; margin:0 0 .75rem } h2 { font-size:1.15rem; margin:2rem 0 .6rem }
table { border-collapse:collapse; font-size:.9rem } th, td { border:1px solid var(--line); padding:.3rem .5rem; text-align:left; vertical-align:top }
thead th { background:var(--head) } table.facts th, table.facts td { border:0; padding:.1rem 1.2rem .1rem 0 } table.facts th { color:var(--faint); font-weight:normal; white-space:nowrap }
.scroll { overflow-x:auto } .matrix th.op { font-weight:normal; text-align:center; font-size:.8rem; min-width:3.2rem } .matrix td { text-align:center; font-weight:600 }
.matrix tbody th { font-weight:600; min-width:9rem } .matrix td a { color:inherit; text-decoration:none; display:block }
.allowed { color:var(--allowed); background:var(--allowed-bg) } .denied { color:var(--denied); background:var(--denied-bg) }
.undecided { color:var(--undecided); background:var(--undecided-bg) } .skipped { color:var(--faint) } .mark { color:var(--mark); font-size:.75em }
td.allowed, td.denied, td.undecided { white-space:nowrap } .faint { color:var(--faint) } code { font-family:ui-monospace, monospace; font-size:.85em }
ul.findings { list-style:none; padding:0 } ul.findings > li { border-left:3px solid var(--line); padding:.1rem 0 .1rem .8rem; margin:.7rem 0 }
pre { background:var(--head); padding:.4rem .6rem; margin:.3rem 0; white-space:pre-wrap; font-size:.85em } .evidence td { font-size:.8rem }
footer { margin-top:2.5rem; color:var(--faint); font-size:.85rem }
)";

} // namespace

QString escaped(const QString &text)
{
    return visible(text, u"\t\n").toHtmlEscaped();
}

QByteArray htmlPage(const QString &title, const QString &body)
{
    const QString head = u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
                         "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"referrer\" content=\"no-referrer\">"
                         "<meta name=\"color-scheme\" content=\"light dark\"><title>"_s;
    // Put together, not filled in: the text may hold what looks like a placeholder.
    const QString page = head + escaped(title) + u"</title><style>"_s + QString::fromLatin1(style) + u"</style></head>\n<body>\n<h1>"_s
        + escaped(title) + u"</h1>\n"_s + body + u"<footer>Written by Rolescope " ROLESCOPE_VERSION ". Observed by requests that cannot change "
        "data; no secrets and no tokens are in this file.</footer>\n</body></html>\n"_s;
    return page.toUtf8();
}

QString factsTable(const QList<std::pair<QString, QString>> &facts)
{
    QString rows;
    for (const auto &[name, value] : facts) {
        if (!value.isEmpty())
            rows += u"<tr><th scope=\"row\">"_s + escaped(name) + u"</th><td>"_s + escaped(value) + u"</td></tr>\n"_s;
    }
    return u"<table class=\"facts\"><tbody>\n"_s + rows + u"</tbody></table>\n"_s;
}

std::pair<QString, QString> sign(Observation observation)
{
    switch (observation) {
    case Observation::Allowed: return {u"✔"_s, u"allowed"_s};
    case Observation::Denied: return {u"✖"_s, u"denied"_s};
    case Observation::Undecided: return {u"?"_s, u"undecided"_s};
    default: return {u"·"_s, u"skipped"_s};
    }
}

QString findingHtml(const Access::Finding &finding)
{
    QString text = u"<strong>"_s + escaped(finding.id) + u"</strong>"_s;
    if (!finding.confidence.isEmpty())
        text += u" <span class=\"faint\">("_s + escaped(finding.confidence) + u")</span>"_s;
    text += u": "_s + escaped(finding.cause);
    if (!finding.nextStep.isEmpty())
        text += u"<br>Next: "_s + escaped(finding.nextStep);
    if (!finding.command.isEmpty())
        text += u"<pre>"_s + escaped(finding.command) + u"</pre>"_s;
    return text;
}

} // namespace Report
