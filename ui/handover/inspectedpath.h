#pragma once

#include "envfile/inspection.h"

#include "core/result.h"

namespace Ui {

constexpr qint64 largestEnvironment = 1024 * 1024; ///< no process can be started with more

/// Reads and inspects a file, or a folder with a file for each variable; not for the GUI thread.
/// Errors: as Core::readFile() and Handover::filesIn().
Core::Result<EnvFile::Inspection> inspectPath(const QString &path);

/// What the form for a principal can be filled from: a file as it is, a folder as lines. Errors:
/// the same, and those of EnvFile::write().
Core::Result<QString> pastableText(const QString &path, const EnvFile::Inspection &inspection);

/// \a remark with its line, if it has one.
QString sentence(const EnvFile::Remark &remark);

} // namespace Ui
