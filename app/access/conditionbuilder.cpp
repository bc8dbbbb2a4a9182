#include "access/conditionbuilder.h"

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr QLatin1String blobs("Microsoft.Storage/storageAccounts/blobServices/containers/blobs");

Error invalid(const QString &message, const QString &nextStep)
{
    return {.kind = Error::Kind::InvalidInput, .message = message, .nextStep = nextStep};
}

bool canBeQuoted(const QString &text)
{
    return std::none_of(text.cbegin(), text.cend(), [](QChar c) {
        return c == u'\'' || c == u'\\' || c.unicode() < 0x20 || c.unicode() == 0x7F;
    });
}

QString action(const QString &name, const QString &subOperation = {})
{
    const QString matches = u"ActionMatches{'%1/%2'}"_s.arg(blobs, name);
    return subOperation.isEmpty() ? matches : u"%1 AND %2"_s.arg(matches, subOperation);
}

// Whatever is not one of \a actions passes; they pass where \a test holds.
QString guarded(const QStringList &actions, const QString &test)
{
    QStringList outside;
    for (const QString &one : actions)
        outside.append(u"!(%1)"_s.arg(one));
    return u"((%1) OR (%2))"_s.arg(outside.join(u" AND "_s), test);
}

// Reads without listing: for a list there is no blob yet whose path or tags could be looked at.
QString readsOne()
{
    return action(u"read"_s, u"NOT SubOperationMatches{'Blob.List'}"_s);
}

QStringList changesOne()
{
    QStringList actions;
    for (const QString &name :
         {u"write"_s, u"add/action"_s, u"delete"_s, u"deleteBlobVersion/action"_s,
          u"permanentDelete/action"_s, u"move/action"_s, u"tags/read"_s, u"tags/write"_s})
        actions.append(action(name));
    return actions;
}

QString pathCondition(const QString &prefix)
{
    const QString one = guarded(QStringList{readsOne()} + changesOne(),
                                u"@Resource[%1:path] StringStartsWith '%2'"_s.arg(blobs, prefix));
    const QString list = guarded({action(u"read"_s, u"SubOperationMatches{'Blob.List'}"_s)},
                                 u"@Request[%1:prefix] StringStartsWith '%2'"_s.arg(blobs, prefix));
    return u"%1 AND %2"_s.arg(one, list);
}

QString tagCondition(const QString &key, const QString &value)
{
    const QString has =
        u"[%1/tags:%2<$key_case_sensitive$>] StringEquals '%3'"_s.arg(blobs, key, value);
    const QString reads = guarded({readsOne()}, u"@Resource"_s + has);
    const QString written = u"SubOperationMatches{'Blob.Write.WithTagHeaders'}"_s;
    const QString writes = guarded({action(u"write"_s, written), action(u"add/action"_s, written)},
                                   u"@Request"_s + has);
    return u"%1 AND %2"_s.arg(reads, writes);
}

QString containerCondition(const QString &name)
{
    return guarded(
        QStringList{action(u"read"_s)} + changesOne(),
        u"@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals '%1'"_s
            .arg(name));
}

} // namespace

Result<QString> conditionText(const ConditionForm &form)
{
    if (form.value.isEmpty())
        return invalid(u"The condition needs a value."_s,
                       u"Give the prefix, the tag's value or the container's name."_s);
    if (!canBeQuoted(form.value)) {
        return invalid(
            u"“%1” has a quote, a backslash or a control character; how those are written in a condition is not documented."_s
                .arg(form.value.left(100)),
            u"Choose a value without them, or write the condition as text."_s);
    }
    switch (form.kind) {
    case ConditionForm::Kind::PathPrefix: {
        if (form.value.startsWith(u'/'))
            return invalid(u"A blob's path does not begin with a slash."_s,
                           u"Write “%1”."_s.arg(form.value.mid(1)));
        return pathCondition(form.value);
    }
    case ConditionForm::Kind::Tag: {
        // azure-docs, storage-manage-find-blobs: letters, digits, blank and + - . / : = _
        static const QRegularExpression tag(u"\\A[A-Za-z0-9 +\\-./:=_]{1,128}\\z"_s);
        static const QRegularExpression tagValue(u"\\A[A-Za-z0-9 +\\-./:=_]{0,256}\\z"_s);
        if (!tag.match(form.key).hasMatch() || !tagValue.match(form.value).hasMatch())
            return invalid(
                u"An index tag has letters, digits, blanks and + - . / : = _ only; 128 characters for its name, 256 for its value."_s,
                u"Look the tag up: az storage blob tag list."_s);
        return tagCondition(form.key, form.value);
    }
    case ConditionForm::Kind::Container: break;
    }
    static const QRegularExpression container(u"\\A(?=.{3,63}\\z)[a-z0-9$](?:-?[a-z0-9])*\\z"_s);
    if (!container.match(form.value).hasMatch())
        return invalid(u"“%1” is no container's name."_s.arg(form.value.left(100)),
                       u"It has 3 to 63 lower-case letters, digits and hyphens."_s);
    return containerCondition(form.value);
}

QString conditionRemark(const ConditionForm &form)
{
    switch (form.kind) {
    case ConditionForm::Kind::PathPrefix:
        return u"A list without a prefix is refused then, and finding blobs by tags is not limited."_s;
    case ConditionForm::Kind::Tag:
        return u"Deleting and listing are not limited, nor is writing a blob without tags over one that has them."_s;
    case ConditionForm::Kind::Container:
        return u"Assigning the role at the container itself does the same without a condition."_s;
    }
    return {};
}

} // namespace Access
