#pragma once

#include "core/error.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace Ui {

class ErrorPanel;

/// The first thing a new user sees: three doors.
class WelcomePage final : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setSandboxStarting(bool starting);
    void setError(const Core::Error &error);

signals:
    void pasteRequested();
    void typeRequested();
    void sandboxRequested();

private:
    QPushButton *door(const QString &title, const QString &text, const QString &name);

    QPushButton *m_sandbox;
    QLabel *m_status;
    ErrorPanel *m_error;
};

} // namespace Ui
