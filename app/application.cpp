#include "application.h"

Application::Application(const QString &configFolder)
    : m_services(configFolder), m_sandbox(m_services), m_window(m_services, m_sandbox)
{
}

void Application::start(bool sandbox)
{
    m_window.show();
    if (sandbox)
        m_window.startSandbox();
}
