#pragma once

#include "access/accessreport.h"
#include "access/contract.h"

#include <QDateTime>
#include <QString>
#include <QUrl>

namespace Report {

/// Core::visibleText().
QString visible(const QString &text, QStringView kept = {});

QString placeName(const QString &container); ///< "(account)" for the account's row
QString accountName(const QUrl &account);    ///< as an address without user, query, fragment and closing slash
QString utc(const QDateTime &time);          ///< "2026-01-31 09:05:00.000 UTC"; empty where there is no time

bool wasAsked(const Access::Cell &cell);
QString observedName(const Access::Cell &cell);  ///< what was never asked is "skipped", as in the report's JSON
QString predictedName(const Access::Cell &cell); ///< "unknown" where nothing was predicted
QString askedName(const Access::Cell &cell);     ///< empty where Resource Manager did not answer
QString statusText(const Access::Cell &cell);    ///< empty where no answer came

/// Whether a certain prediction and a certain observation contradict each other.
bool differs(const Access::Cell &cell);

/// "orders: invoices must not blob.delete"
QString clauseName(const QString &principal, const Access::ContractResult::Clause &clause);
int count(const Access::ContractResult &result, Access::ContractResult::State state);

} // namespace Report
