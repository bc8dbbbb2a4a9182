#pragma once

#include "report/htmlreport.h"
#include "ui/access/reportbutton.h"

namespace Ui {

/// How a report's file is called: by principal and day.
QString accessStem(const Access::AccessReport &report);

/// The forms in which a report can be saved.
QList<ReportButton::Form> accessForms(const Access::AccessReport &report,
                                      const Report::Attachments &attachments);

} // namespace Ui
