#pragma once

#include "core/result.h"
#include "report/htmlreport.h"

#include <QByteArray>
#include <QString>

namespace Cli {

class Context;

/// The formats that `check --format` takes, and those of them that `isolation --format` takes.
QStringList reportFormats();
QStringList isolationFormats();

/// A check in one of the formats; \a contractFile is named in SARIF. Errors: InvalidInput for SARIF without a contract.
Core::Result<QByteArray> rendered(const QString &format, const Access::AccessReport &report, const Report::Attachments &attachments,
                                  const QString &contractFile);
Core::Result<QByteArray> rendered(const QString &format, const Access::Isolation &isolation);

/// Puts \a bytes into \a output, for its owner only, or on stdout where that is empty. Says whether it went well; else fail() was
/// called. A PDF is not written to a terminal.
bool put(const QByteArray &bytes, const QString &format, const QString &output, Context &context);

} // namespace Cli
