#pragma once

#include "access/accessreport.h"
#include "access/contract.h"

#include <QByteArray>
#include <QString>

namespace Report {

/// SARIF 2.1.0 with an error for each broken clause and a warning for each open one, at the rule's line in \a contractFile.
/// A relative \a contractFile stays relative, as code scanning wants it; fingerprints are the same in every run.
QByteArray sarif(const Access::AccessReport &report, const Access::ContractResult &result, const QString &contractFile);

} // namespace Report
