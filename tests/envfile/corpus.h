#pragma once

#include <QByteArray>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QString>

/// One nasty value of the shared corpus.
struct CorpusCase {
    QString name;
    QByteArray value;
    QByteArray variable = "AZURE_CLIENT_SECRET"; ///< whose value it is
};

inline QJsonObject readJson(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// The values of one corpus file.
inline QList<CorpusCase> casesIn(const QString &file)
{
    QList<CorpusCase> cases;
    const QJsonArray array = readJson(file)[u"cases"].toArray();
    for (const QJsonValue &value : array) {
        const QJsonObject one = value.toObject();
        QByteArray bytes = one[u"value"].toString().toUtf8();
        if (one.contains(u"value_base64"))
            bytes = QByteArray::fromBase64(one[u"value_base64"].toString().toLatin1());
        if (const QJsonObject repeat = one[u"value_repeat"].toObject(); !repeat.isEmpty())
            bytes = repeat[u"text"].toString().toUtf8().repeated(repeat[u"count"].toInt());
        cases.append({one[u"name"].toString(), bytes, one[u"variable"].toString(QStringLiteral("AZURE_CLIENT_SECRET")).toLatin1()});
    }
    return cases;
}

inline QList<CorpusCase> corpus(const QString &shared)
{
    return casesIn(shared + QStringLiteral("/envfile/corpus.json"));
}
