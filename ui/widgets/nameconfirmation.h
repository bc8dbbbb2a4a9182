#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Ui {

/// Before something is destroyed: what that is, and a field for its name, without which the button
/// does nothing.
class NameConfirmation final : public QWidget
{
    Q_OBJECT
public:
    /// \a fieldName is what a screen reader calls the field.
    NameConfirmation(const QString &button, const QString &fieldName, QWidget *parent);

    /// How tests and scripts find the two.
    void setObjectNames(const QString &field, const QString &button);
    /// What is destroyed, and its name; what was typed for another is forgotten.
    void setSubject(const QString &sentence, const QString &name);
    QString typed() const;
    void clear();
    void focusField();

signals:
    void confirmed();

private:
    void check();

    QString m_wanted;
    QLabel *m_sentence;
    QLineEdit *m_field;
    QPushButton *m_button;
};

} // namespace Ui
