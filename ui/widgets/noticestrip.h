#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace Ui {

/// A strip at the top of the window that says one thing, leads to it, and can be put away. Hidden
/// while there is nothing to say.
class NoticeStrip : public QFrame
{
    Q_OBJECT
public:
    /// What the buttons are called by a screen reader; \a open is what the first one shows.
    NoticeStrip(const QString &open, const QString &openName, const QString &dismissName,
                QWidget *parent);

    /// How tests and scripts find the parts: "<name>Notice", "<name>NoticeText",
    /// "show<Name>Button", "dismiss<Name>Button".
    void setObjectNames(const QString &name);

signals:
    void openRequested();

protected:
    /// What was put away comes back with news only.
    void say(const QString &words, bool news);

private:
    QLabel *m_words;
    QPushButton *m_open;
    QPushButton *m_dismiss;
    bool m_dismissed = false;
};

} // namespace Ui
