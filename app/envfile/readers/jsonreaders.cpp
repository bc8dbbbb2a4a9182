#include "envfile/jsonscanner.h"
#include "envfile/names.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

Reading finished(JsonScanner &json, Reading reading, bool read)
{
    if (read && json.atEnd())
        return reading;
    json.fail(u"something follows the document"_s);
    reading.variables.clear();
    reading.refusal = json.fault().message;
    return reading;
}

bool readEntry(JsonScanner &json, Reading &reading)
{
    QByteArray name, value;
    const bool read = json.object([&](const QByteArray &key) {
        return key == "name"    ? json.string(&name)
               : key == "value" ? json.string(&value)
                                : json.skip();
    });
    if (read)
        reading.set(name, value, 0);
    if (value.startsWith("@Microsoft."))
        reading.remark(0, u"%1 is a reference, which App Service replaces."_s.arg(shownName(name)));
    return read;
}

} // namespace

Reading readAppSettings(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    JsonScanner json(text);
    const bool read = json.array([&] { return readEntry(json, reading); });
    return finished(json, std::move(reading), read);
}

Reading readLocalSettings(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    JsonScanner json(text);
    bool encrypted = false;
    const bool read = json.object([&](const QByteArray &key) {
        if (key == "IsEncrypted")
            return json.boolean(&encrypted);
        if (key != "Values")
            return json.skip();
        return json.object([&](const QByteArray &name) {
            QByteArray value;
            if (!json.string(&value))
                return false;
            reading.set(name, value, 0);
            return true;
        });
    });
    if (encrypted)
        reading.remark(0, u"The values are encrypted; only the Functions tools can read them."_s);
    return finished(json, std::move(reading), read);
}

} // namespace EnvFile
