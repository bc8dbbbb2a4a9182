#pragma once

#include "access/accessreport.h"
#include "access/contract.h"
#include "access/drift.h"
#include "access/isolation.h"

#include <QByteArray>
#include <optional>

namespace Report {

/// What may stand beside a report in a document.
struct Attachments {
    std::optional<Access::ContractResult> contract;
    std::optional<Access::Drift> drift;
};

/// One HTML file in UTF-8 that needs nothing else: no script, no image, nothing fetched (a Content-Security-Policy says so). Light
/// and dark follow the reader's system; on paper it is light. All text from a service is escaped.
QByteArray html(const Access::AccessReport &report, const Attachments &attachments = {});
QByteArray html(const Access::Isolation &isolation);

} // namespace Report
