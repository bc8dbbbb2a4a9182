// Writes every corpus value in every format that the program offers, as verify-with-consumers.py wants it.
// usage: export_corpus FOLDER
#include "core/atomicfile.h"
#include "corpus.h"
#include "envfile/format.h"
#include "support/recordings.h"

#include <QCoreApplication>
#include <QDir>

using namespace Qt::StringLiterals;

namespace {

QJsonValue expected(const QByteArray &value)
{
    const QString text = QString::fromUtf8(value);
    if (text.toUtf8() == value)
        return text;
    return QJsonObject{{u"base64"_s, QString::fromLatin1(value.toBase64())}};
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QDir folder(app.arguments().value(1));
    QJsonArray entries;
    const QByteArray client = "00001111-aaaa-2222-bbbb-3333cccc4444";
    const QByteArray tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    for (const EnvFile::Format &format : EnvFile::formats()) {
        if (!folder.mkpath(format.id))
            return 1;
        for (const CorpusCase &one : corpus(Test::sharedFolder())) {
            QJsonObject entry{{u"format"_s, format.id}, {u"case"_s, one.name}};
            const auto text = EnvFile::write(format, {{"AZURE_CLIENT_ID", Core::Secret(client)},
                                                      {"AZURE_CLIENT_SECRET", Core::Secret(one.value)},
                                                      {"AZURE_TENANT_ID", Core::Secret(tenant)}});
            if (text) {
                const QString path = format.id + u'/' + one.name + u".env"_s;
                if (!Core::writeFileAtomically(folder.filePath(path), text->reveal()))
                    return 1;
                entry[u"path"_s] = path;
                entry[u"vars"_s] = QJsonObject{{u"AZURE_CLIENT_ID"_s, expected(client)},
                                               {u"AZURE_CLIENT_SECRET"_s, expected(one.value)},
                                               {u"AZURE_TENANT_ID"_s, expected(tenant)}};
            } else {
                entry[u"refused"_s] = text.error().message;
            }
            entries.append(entry);
        }
    }
    const QByteArray json = QJsonDocument(QJsonObject{{u"entries"_s, entries}}).toJson();
    return Core::writeFileAtomically(folder.filePath(u"expected.json"_s), json) ? 0 : 1;
}
