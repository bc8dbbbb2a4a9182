#pragma once

#include "core/error.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace Ui {

/// An error where it happened: the cause, the next step, code and request ID to copy. Hidden while there is none.
class ErrorPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit ErrorPanel(QWidget *parent = nullptr);

    void setError(const Core::Error &error);
    void clear();

private:
    QLabel *m_message;
    QLabel *m_nextStep;
    QLabel *m_code;
    QToolButton *m_copy;
    QString m_text;
};

} // namespace Ui
