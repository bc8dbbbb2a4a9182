#include "cli/credentialview.h"

#include "cli/command.h"

#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Identity::LintFinding;
using Services::SignInOutcome;

namespace {

QJsonValue worksJson(const CredentialView &credential)
{
    if (!credential.tried || credential.outcome == SignInOutcome::Unknown)
        return {};
    return credential.outcome == SignInOutcome::Works;
}

QString trialOf(const CredentialView &credential)
{
    const QString why = credential.failure ? Core::describe(*credential.failure) : QString();
    if (!credential.tried)
        return u"credential: complete. Whether it works was not tried."_s;
    switch (credential.outcome) {
    case SignInOutcome::Works:
        return u"credential: complete, and it works: %1 gave a token."_s.arg(credential.cloud);
    case SignInOutcome::Refused: return u"credential: complete, but it does not work. "_s + why;
    case SignInOutcome::Unknown: break;
    }
    return u"credential: complete. Whether it works could not be found out. "_s + why;
}

} // namespace

bool CredentialView::isGood() const
{
    const bool refused = tried && outcome == SignInOutcome::Refused;
    return isComplete() && !refused && !hasError();
}

QJsonValue jsonOf(const CredentialView &credential)
{
    if (!credential.any)
        return {};
    QJsonArray findings;
    for (const LintFinding &one : credential.findings)
        findings.append(
            QJsonObject{{u"id"_s, one.id},
                        {u"severity"_s,
                         one.severity == LintFinding::Severity::Error ? u"error"_s : u"warning"_s},
                        {u"message"_s, one.message}});
    return QJsonObject{
        {u"complete"_s, credential.missing.isEmpty()},
        {u"missing"_s, QJsonArray::fromStringList(credential.missing)},
        {u"findings"_s, findings},
        {u"works"_s, worksJson(credential)},
        {u"cloud"_s, credential.cloud.isEmpty() ? QJsonValue() : QJsonValue(credential.cloud)},
        {u"error"_s, credential.failure ? errorJson(*credential.failure)[u"error"] : QJsonValue()}};
}

QStringList sentencesOf(const CredentialView &credential)
{
    if (!credential.any)
        return {u"credential: there is none of the Azure SDKs' variables in it."_s};
    QStringList lines;
    if (credential.missing.isEmpty())
        lines.append(trialOf(credential));
    else
        lines.append(
            u"credential: incomplete, without %1."_s.arg(credential.missing.join(u", "_s)));
    for (const LintFinding &one : credential.findings)
        lines.append(u"credential: "_s + one.message);
    return lines;
}

} // namespace Cli
