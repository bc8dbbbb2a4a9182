#include "handover/snippets.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

using namespace Qt::StringLiterals;

// Q_INIT_RESOURCE declares a function, and must not do so inside a namespace.
static void initResources()
{
    Q_INIT_RESOURCE(handover);
}

namespace Handover {

namespace {

const QString folder = u":/rolescope/snippets/"_s;

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<Snippet> load()
{
    initResources();
    QList<Snippet> all;
    for (const QJsonValue &value :
         QJsonDocument::fromJson(read(folder + u"snippets.json"_s)).array()) {
        const QJsonObject one = value.toObject();
        all.append({one[u"id"].toString(), one[u"title"].toString(), one[u"install"].toString()});
    }
    return all;
}

// What would end the string literal in any of the six languages, or mean something inside of it,
// has no place in the URL of an account either.
QString forLiteral(const QString &account)
{
    const bool plain = std::all_of(account.begin(), account.end(), [](QChar c) {
        return c.isLetterOrNumber() || u":/.-_[]"_s.contains(c);
    });
    return plain && !account.isEmpty() ? account : u"https://ACCOUNT.blob.core.windows.net"_s;
}

} // namespace

QString Snippet::code(SnippetCredential credential, const QString &account) const
{
    const QDir sources(folder + id);
    const QString name =
        credential == SnippetCredential::Default ? u"default.*"_s : u"environment.*"_s;
    const QStringList found = sources.entryList({name}, QDir::Files);
    return QString::fromUtf8(read(sources.filePath(found.value(0))))
        .replace(u"{account}"_s, forLiteral(account));
}

const QList<Snippet> &snippets()
{
    static const QList<Snippet> all = load();
    return all;
}

const Snippet *findSnippet(const QString &id)
{
    const auto found = std::find_if(snippets().cbegin(), snippets().cend(),
                                    [&](const Snippet &one) { return one.id == id; });
    return found == snippets().cend() ? nullptr : &*found;
}

} // namespace Handover
