#pragma once

#include <QList>
#include <QString>

namespace Handover {

/// Which credential a snippet uses.
enum class SnippetCredential {
    Default,    ///< DefaultAzureCredential: the variables here, a managed identity on Azure
    Environment ///< EnvironmentCredential: the variables and nothing else
};

/// A language's Azure SDK: how it is installed, and what an application does with the variables.
struct Snippet
{
    QString id;      ///< "python", "javascript", "dotnet", "java", "go", "cpp"
    QString title;   ///< ".NET"
    QString install; ///< one line for a shell, or in words where the build file takes it

    bool operator==(const Snippet &) const = default;

    /// A program that lists the containers of \a account, a blob endpoint's URL.
    QString code(SnippetCredential credential, const QString &account) const;
};

/// From resources/snippets.
const QList<Snippet> &snippets();
/// Null where there is none.
const Snippet *findSnippet(const QString &id);

} // namespace Handover
