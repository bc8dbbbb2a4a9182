#pragma once

#include "services/sandboxsession.h"
#include "services/services.h"
#include "ui/mainwindow.h"

#include <QString>
#include <memory>

/// The desktop program, put together: services first, then the window, which borrows them.
class Application final
{
public:
    explicit Application(const QString &configFolder);

    /// Shows the window; with \a sandbox it begins to practise at once.
    void start(bool sandbox);

private:
    Services::Services m_services;
    Services::SandboxSession m_sandbox;
    Ui::MainWindow m_window;
};
