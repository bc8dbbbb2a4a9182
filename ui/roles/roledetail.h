#pragma once

#include "azure/roles.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace Ui {

/// What an assignment gives: the role in words, how many permissions, its risk, its condition, its
/// actions, and the az command that would remove it.
class RoleDetail final : public QWidget
{
    Q_OBJECT
public:
    explicit RoleDetail(QWidget *parent = nullptr);

    /// Nothing of both: an empty panel. A \a role that is not known here is said to be so.
    void show(const Azure::RoleAssignment *assignment, const Azure::RoleDefinition *role);

private:
    QLabel *m_title;
    QLabel *m_words;
    QLabel *m_condition;
    QLabel *m_command;
    QPlainTextEdit *m_actions;
    QToolButton *m_copy;
};

} // namespace Ui
