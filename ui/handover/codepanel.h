#pragma once

#include "identity/serviceprincipal.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace Ui {

/// The program on the other side: what reads the variables, in six languages, with its install
/// line.
class CodePanel final : public QWidget
{
    Q_OBJECT
public:
    explicit CodePanel(QWidget *parent = nullptr);

    /// Its newest account stands in the code.
    void setPrincipal(const Identity::ServicePrincipal &principal);

private:
    void refresh();

    Identity::ServicePrincipal m_principal;
    QComboBox *m_language;
    QComboBox *m_credential;
    QLabel *m_install;
    QPlainTextEdit *m_code;
};

/// The command lines that hand a credential to a command without any file.
class ExecPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit ExecPanel(QWidget *parent = nullptr);

    void setPrincipal(const Identity::ServicePrincipal &principal);

private:
    QLabel *addLine(const QString &what, const QString &name);

    QLabel *m_environment;
    QLabel *m_endpoint;
};

} // namespace Ui
