#pragma once

#include "report/htmlreport.h"

#include <QByteArray>

namespace Print {

/// The same report as Report::html(), on A4 pages across, with page numbers. Needs a QGuiApplication, for the fonts; any platform
/// will do, "offscreen" too.
QByteArray pdf(const Access::AccessReport &report, const Report::Attachments &attachments = {});
QByteArray pdf(const Access::Isolation &isolation);

} // namespace Print
