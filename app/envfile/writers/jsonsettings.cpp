#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// RFC 8259, 7: what must be escaped, and nothing else.
QByteArray jsonString(QByteArrayView text)
{
    QByteArray out = "\"";
    out.reserve(text.size() + 16);
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += QByteArray("\\") + c;
        else if (static_cast<unsigned char>(c) < 0x20)
            out += "\\u00" + QByteArray(1, c).toHex();
        else
            out += c;
    }
    return out + '"';
}

Result<QByteArray> listEntry(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (value.startsWith("@Microsoft.KeyVault(") ||
        value.startsWith("@Microsoft.AppConfiguration("))
        return unsupported(
            name, u"begins as a reference, which App Service replaces by what it points to"_s);
    return QByteArray("  {\"name\": " + jsonString(name) + ", \"value\": " + jsonString(value) +
                      ", \"slotSetting\": false}");
}

Result<QByteArray> member(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    return QByteArray("    " + jsonString(name) + ": " + jsonString(value));
}

QString settingFault(QByteArrayView name)
{
    return name.contains('-') ? u"must consist of letters, digits, “.” and “_”"_s : wordFault(name);
}

} // namespace

// Microsoft Learn: az webapp config appsettings set.
Format appSettings()
{
    return {
        .id = u"appsettings-json"_s,
        .title = u"Azure App Service settings"_s,
        .fileName = u"appsettings.json"_s,
        .usage =
            u"az webapp config appsettings set --resource-group GROUP --name APP --settings @{path}"_s,
        .assignment = listEntry,
        .header = "[\n",
        .separator = ",\n",
        .footer = "\n]\n",
        .quotedPath = Core::posixWord,
        .nameFault = settingFault,
        .read = readAppSettings,
        .caution = u"On Linux plans the platform takes a backslash as an escape: check a value "
                   u"with “\\” or “$” in the running "
                   "application."_s,
        .aliases = {u"app-service"_s, u"azure-app-service"_s}};
}

// Microsoft Learn: Code and test Azure Functions locally, Local settings file.
Format localSettings()
{
    return {.id = u"local-settings-json"_s,
            .title = u"Azure Functions (local.settings.json)"_s,
            .fileName = u"local.settings.json"_s,
            .usage = u"Put {path} beside host.json, and keep it out of version control."_s,
            .assignment = member,
            .header = "{\n  \"IsEncrypted\": false,\n  \"Values\": {\n",
            .separator = ",\n",
            .footer = "\n  }\n}\n",
            .nameFault = visibleFault,
            .read = readLocalSettings,
            .aliases = {u"azure-functions"_s}};
}

} // namespace EnvFile
