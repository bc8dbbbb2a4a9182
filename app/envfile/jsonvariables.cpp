#include "envfile/jsonvariables.h"

#include "envfile/jsonscanner.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;
using Core::Secret;

namespace {

bool readBase64(JsonScanner &json, QByteArray *value)
{
    bool given = false;
    const bool read = json.object([&](const QByteArray &key) {
        QByteArray encoded;
        if (key != "base64")
            return json.fail(u"only “base64” may stand in a value's object"_s);
        if (!json.string(&encoded))
            return false;
        const auto decoded = QByteArray::fromBase64Encoding(
            std::move(encoded), QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded)
            return json.fail(u"the base64 is broken"_s);
        *value = *decoded;
        given = true;
        return true;
    });
    return read && (given || json.fail(u"“base64” is missing"_s));
}

bool readValue(JsonScanner &json, QByteArray *value)
{
    switch (json.peek()) {
    case '{': return readBase64(json, value);
    case '"': return json.string(value);
    default: return json.fail(u"each value must be a text, or an object with “base64”"_s);
    }
}

} // namespace

Result<Variables> variablesFromJson(QByteArrayView text)
{
    JsonScanner json(text);
    Variables variables;
    Budget budget;
    const bool read = json.object([&](const QByteArray &name) {
        QByteArray value;
        if (!readValue(json, &value))
            return false;
        if (!budget.takeVariable())
            return json.fail(u"there are more than %1 variables, and no environment has"_s.arg(Budget::mostVariables));
        variables.append({name, Secret::take(std::move(value))});
        return true;
    });
    if (!read || !json.atEnd()) {
        json.fail(u"something follows the object"_s);
        return json.fault();
    }
    return variables;
}

} // namespace EnvFile
