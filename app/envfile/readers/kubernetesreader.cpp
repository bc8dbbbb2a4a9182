#include "envfile/names.h"
#include "envfile/readers/readers.h"

#include <yaml-cpp/yaml.h>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

void readMap(const YAML::Node &map, bool encoded, Reading &reading)
{
    for (const auto &entry : map) {
        if (reading.overBudget)
            return;
        const QByteArray name = QByteArray::fromStdString(entry.first.as<std::string>());
        QByteArray value = QByteArray::fromStdString(entry.second.as<std::string>());
        // yaml-cpp tags what was quoted with "!"; anything else may be a number or a truth value to
        // Kubernetes.
        if (!encoded && entry.second.Tag() != "!")
            reading.remark(
                entry.second.Mark().line + 1,
                u"%1: quote it, or a text such as 0012 or yes changes."_s.arg(shownName(name)));
        if (encoded) {
            const auto decoded =
                QByteArray::fromBase64Encoding(value, QByteArray::AbortOnBase64DecodingErrors);
            if (!decoded) {
                reading.refusal = u"%1: the base64 is broken."_s.arg(shownName(name));
                return;
            }
            value = *decoded;
            if (value.endsWith('\n'))
                reading.remark(
                    entry.second.Mark().line + 1,
                    u"%1 ends in a line feed; did “echo” add it?"_s.arg(shownName(name)));
        }
        reading.set(name, value, entry.second.Mark().line + 1);
    }
}

} // namespace

Reading readKubernetesSecret(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    try {
        const YAML::Node document =
            YAML::Load(std::string(text.data(), static_cast<size_t>(text.size())));
        if (!document.IsMap() || !document["kind"] ||
            document["kind"].as<std::string>() != "Secret") {
            reading.refusal = u"It is no manifest of a Secret."_s;
            return reading;
        }
        if (document["data"])
            readMap(document["data"], true, reading);
        if (document["stringData"])
            readMap(document["stringData"], false, reading);
    } catch (const YAML::Exception &error) { // its message may quote the file
        reading.refusal = u"Line %1: this YAML does not parse."_s.arg(error.mark.line + 1);
    }
    if (!reading.refusal.isEmpty())
        reading.variables.clear();
    return reading;
}

} // namespace EnvFile
