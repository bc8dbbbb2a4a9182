#pragma once

#include "identity/serviceprincipal.h"

#include <QWidget>

namespace Services {
struct Services;
}

namespace Ui {

class CodePanel;
class ExecPanel;
class FilePanel;
class SecretClipboard;

/// Hand over: the environment file; beside it the code that uses it, and the command lines that
/// need no file.
class HandoverPage final : public QWidget
{
    Q_OBJECT
public:
    HandoverPage(Services::Services &services, SecretClipboard &clipboard,
                 QWidget *parent = nullptr);
    ~HandoverPage() override;

    void setPrincipal(const Identity::ServicePrincipal &principal);

signals:
    /// To look at somebody else's environment file.
    void inspectRequested();

private:
    FilePanel *m_file;
    CodePanel *m_code;
    ExecPanel *m_exec;
};

} // namespace Ui
