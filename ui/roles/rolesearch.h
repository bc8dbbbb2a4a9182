#pragma once

#include "azure/roles.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace Ui {

class RoleModel;

/// Finds a role by words of its name or description, or by what somebody is to be able to do, with
/// how much each allows and puts at stake.
class RoleSearch final : public QWidget
{
    Q_OBJECT
public:
    /// \a fieldName is what a screen reader calls the field.
    explicit RoleSearch(const QString &fieldName, QWidget *parent = nullptr);

    /// Nothing while none is chosen.
    const Azure::RoleDefinition *role() const;
    QWidget *field() const;

signals:
    void changed(); ///< which role is chosen

private:
    void addQuestions();
    void search();

    RoleModel *m_model;
    QComboBox *m_questions;
    QLineEdit *m_text;
    QTableView *m_table;
    QLabel *m_count;
};

} // namespace Ui
