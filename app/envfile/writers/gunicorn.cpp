#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// A byte that is no UTF-8 is U+DC80 and above in Python's strings (PEP 383), and becomes that byte
// again in the environment.
QByteArray bytesAsEscapes(QByteArrayView bytes)
{
    QByteArray out;
    for (const char c : bytes)
        out += "\\udc" + QByteArray(1, c).toHex();
    return out;
}

QByteArray escapedCharacter(char32_t code)
{
    if (code == U'"' || code == U'\\')
        return QByteArray("\\") + static_cast<char>(code);
    if (code >= 0x20 && code < 0x7F)
        return QByteArray(1, static_cast<char>(code));
    if (code < 0x100)
        return "\\x" + QByteArray::number(code, 16).rightJustified(2, '0');
    return code < 0x10000 ? "\\u" + QByteArray::number(code, 16).rightJustified(4, '0')
                          : "\\U" + QByteArray::number(code, 16).rightJustified(8, '0');
}

// The length of the UTF-8 character at the front of \a bytes; 0 where there is none.
qsizetype characterLength(QByteArrayView bytes)
{
    for (qsizetype length = 1; length <= std::min<qsizetype>(4, bytes.size()); ++length) {
        if (bytes.first(length).isValidUtf8())
            return length;
    }
    return 0;
}

// The character whose whole UTF-8 form \a bytes is. QString would take a byte order mark away.
char32_t codeOf(QByteArrayView bytes)
{
    const auto lead = static_cast<unsigned char>(bytes.front());
    char32_t code = bytes.size() == 1 ? lead : lead & (0x7Fu >> bytes.size());
    for (const char c : bytes.sliced(1))
        code = (code << 6) | (static_cast<unsigned char>(c) & 0x3Fu);
    return code;
}

QByteArray pythonEscaped(QByteArrayView bytes)
{
    QByteArray out;
    out.reserve(bytes.size() + bytes.size() / 4);
    while (!bytes.isEmpty()) {
        const qsizetype length = characterLength(bytes);
        out += length == 0 ? bytesAsEscapes(bytes.first(1))
                           : escapedCharacter(codeOf(bytes.first(length)));
        bytes = bytes.sliced(std::max<qsizetype>(1, length));
    }
    return out;
}

// gunicorn/config.py, validate_list_string(): each entry of raw_env is stripped.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString text = QString::fromUtf8(value);
    if (!text.isEmpty() && isPythonSpace(text.back()))
        return unsupported(
            name, u"ends in white space, which gunicorn strips"_s,
            u"Start gunicorn with a systemd-envfile or from a shell, or make a new secret."_s);
    return QByteArray("    \"" + name.toByteArray() + '=' + pythonEscaped(value) + "\",\n");
}

} // namespace

Format gunicorn()
{
    return {.id = u"gunicorn"_s,
            .title = u"gunicorn configuration (raw_env)"_s,
            .fileName = u"gunicorn.conf.py"_s,
            .usage = u"gunicorn -c {path} MODULE:APP"_s,
            .assignment = assignment,
            .header = "raw_env = [\n",
            .footer = "]\n",
            .quotedPath = Core::posixWord,
            .nameFault = visibleFault,
            .read = readGunicorn,
            .caution =
                u"Do not use gunicorn --env for a secret: it shows in the list of processes. Python keeps a compiled copy, values included, in __pycache__ beside the file; start it with PYTHONDONTWRITEBYTECODE=1."_s};
}

} // namespace EnvFile
