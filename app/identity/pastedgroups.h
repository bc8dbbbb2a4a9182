#pragma once

#include "core/result.h"
#include "identity/credentialnames.h"

#include <QList>
#include <QString>

namespace Identity {

/// One value of a pasted text under a name that credentialName() knows.
struct PastedValue
{
    QString name; ///< as written
    CredentialName is;
    QString value;   ///< may be empty, as written
    QString problem; ///< why the value cannot be told from the text, as in "AZURE_CLIENT_SECRET …"; empty where it can
};

/// The values that belong together: of one object, section or list of variables.
using PastedGroup = QList<PastedValue>;

/// The groups of a JSON text, which may have comments, trailing commas and other text around it. Nothing for a text without JSON.
/// Errors: InvalidInput with line and column for JSON that does not parse.
Core::Result<QList<PastedGroup>> groupsOfJson(const QString &text);

/// The groups of a YAML text: a Compose file, a workflow, a Kubernetes manifest, what az prints with -o yaml. Nothing where
/// \a text is not YAML.
QList<PastedGroup> groupsOfYaml(const QString &text);

/// The groups of lines: assignments in any dialect, INI sections, HCL, labels with values. What a value is depends on its line
/// alone.
QList<PastedGroup> groupsOfLines(const QString &text);

/// The group of a table as `az -o table` prints it.
QList<PastedGroup> groupsOfTable(const QString &text);

} // namespace Identity
