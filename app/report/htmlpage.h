#pragma once

#include "access/accessreport.h"

#include <QString>
#include <utility>

namespace Report {

/// \a text for between tags and in double quotes; what cannot be seen is written out, see visible().
QString escaped(const QString &text);

/// A whole page around \a body, which is HTML; \a title is text.
QByteArray htmlPage(const QString &title, const QString &body);

/// A table of two columns, for "who, when, how"; entries without a value are left out.
QString factsTable(const QList<std::pair<QString, QString>> &facts);

/// The sign and the class of an outcome: "✔", "allowed".
std::pair<QString, QString> sign(Access::Observation observation);

QString findingHtml(const Access::Finding &finding);

} // namespace Report
