#pragma once

#include <QWidget>

namespace Http {
class ActivityLog;
}

namespace Ui {

/// Every request, without secrets; to filter, and to copy as curl.
class ActivityPage final : public QWidget
{
    Q_OBJECT
public:
    explicit ActivityPage(Http::ActivityLog &log, QWidget *parent = nullptr);
};

} // namespace Ui
