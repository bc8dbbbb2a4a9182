// Writes every corpus value in every format that the program offers, as verify-with-consumers.py
// wants it. usage: export_corpus FOLDER CORPUS-FILE
#include "core/atomicfile.h"
#include "core/atomicfolder.h"
#include "corpus.h"
#include "envfile/format.h"
#include "variants.h"

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

EnvFile::Variables around(const QByteArray &name, const QByteArray &value)
{
    return {{"AZURE_CLIENT_ID", Core::Secret("00001111-aaaa-2222-bbbb-3333cccc4444")},
            {name, Core::Secret(value)},
            {"AZURE_TENANT_ID", Core::Secret("aaaabbbb-0000-cccc-1111-dddd2222eeee")}};
}

Core::Result<void> writeCase(const EnvFile::Format &format, const EnvFile::Variables &variables,
                             const QString &path)
{
    if (format.shape == EnvFile::Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, variables);
        return files ? Core::writeFolderAtomically(path, *files) : files.error();
    }
    const auto text = EnvFile::write(format, variables);
    return text ? Core::writeFileAtomically(path, text->reveal()) : text.error();
}

QJsonObject entryFor(const EnvFile::Format &format, const QString &called,
                     const EnvFile::Variables &variables, const QDir &folder)
{
    QJsonObject entry{{u"format"_s, format.id}, {u"case"_s, called}};
    const QString path = format.id + u'/' + called + u".env"_s;
    if (const auto written = writeCase(format, variables, folder.filePath(path)); !written) {
        entry[u"refused"_s] = written.error().message;
        return entry;
    }
    QJsonObject values;
    for (const auto &[name, value] : variables)
        values[QString::fromUtf8(name)] = expected(value.reveal().toByteArray());
    entry[u"path"_s] = path;
    entry[u"vars"_s] = values;
    return entry;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QDir folder(app.arguments().value(1));
    const QList<CorpusCase> cases = casesIn(app.arguments().value(2));
    QJsonArray entries;
    for (const EnvFile::Format &format : EnvFile::formats()) {
        if (cases.isEmpty() || !folder.mkpath(format.id))
            return 1;
        for (const CorpusCase &one : cases)
            entries.append(entryFor(format, one.name, around(one.variable, one.value), folder));
        for (const Test::Variant &one : Test::variants())
            entries.append(entryFor(format, one.name, one.variables, folder));
    }
    const QByteArray json = QJsonDocument(QJsonObject{{u"entries"_s, entries}}).toJson();
    return Core::writeFileAtomically(folder.filePath(u"expected.json"_s), json) ? 0 : 1;
}
