#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

QByteArray doubleQuoted(QByteArrayView value)
{
    return '"' + escaped(value, "\\\"$").replace("\n", "\\n").replace("\r", "\\r") + '"';
}

// joho/godotenv, parser.go. All quotes at the edges of a quoted value are trimmed, and a backslash
// before the closing quote hides it; newer ones change "---" before a line feed, so that such lines
// travel as \n.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (value.size() > 48 * 1024)
        return unsupported(name, u"is larger than the 48 KB that GitHub takes for a secret"_s,
                           u"Hand over a shorter credential."_s);
    const bool plain = !value.contains('\'') && !value.contains('\r') &&
                       !value.contains(QByteArrayView("---\n")) && !value.endsWith('\\');
    const QByteArray start = name.toByteArray() + '=';
    QList<QByteArray> ways;
    if (plain)
        ways.append(start + '\'' + value.toByteArray() + "'\n");
    ways.append(start + doubleQuoted(value) + '\n');
    if (!value.isEmpty() && value.front() != '\'' && value.front() != '"')
        ways.append(start + value.toByteArray() + '\n');
    for (const QByteArray &way : ways) {
        if (readsBack(readGhDotenv, way, name, value))
            return way;
    }
    return unsupported(
        name,
        u"has quotes or a backslash at its edge where gh can neither quote nor leave it bare"_s,
        u"Set it by itself: gh secret set NAME, which reads standard input."_s);
}

QString nameFault(QByteArrayView name)
{
    return name.toByteArray().toUpper().startsWith("GITHUB_") ? u"must not begin with GITHUB_"_s
                                                              : identifierFault(name);
}

} // namespace

Format ghDotenv()
{
    return {
        .id = u"gh-dotenv"_s,
        .title = u"GitHub Actions (gh secret set -f)"_s,
        .fileName = u"rolescope.env"_s,
        .usage =
            u"gh secret set -f {path} --repo OWNER/REPOSITORY\n"
            "In the workflow: env: with ${{ secrets.AZURE_CLIENT_SECRET }}. Remove the file afterwards."_s,
        .assignment = assignment,
        .quotedPath = Core::posixWord,
        .nameFault = nameFault,
        .read = readGhDotenv,
        .caution = u"GitHub stores names in upper case."_s,
        .aliases = {u"github-actions"_s, u"github"_s}};
}

} // namespace EnvFile
