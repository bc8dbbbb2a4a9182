#pragma once

#include "access/accessreport.h"

#include <QPushButton>
#include <optional>

namespace Core {
struct Error;
}

namespace Ui {

/// Saves the report of the last check, in the form that its menu offers.
class ReportButton final : public QPushButton
{
    Q_OBJECT
public:
    explicit ReportButton(QWidget *parent = nullptr);

    /// Nothing to save while there is none.
    void setReport(const std::optional<Access::AccessReport> &report);

signals:
    void saved(const QString &path);
    void failed(const Core::Error &error);

private:
    struct Form;
    static const QList<Form> &forms();
    void save(const Form &form);
    void write(const Form &form, const Access::AccessReport &report, const QString &path);

    std::optional<Access::AccessReport> m_report;
};

} // namespace Ui
