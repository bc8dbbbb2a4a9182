#pragma once

#include <QLabel>
#include <QString>
#include <functional>

class QScrollArea;
class QToolButton;

namespace Ui {

/// A label that never takes text for markup; server texts go into these only.
QLabel *plainLabel(const QString &text, QWidget *parent = nullptr);
/// The same, smaller in voice.
QLabel *quietLabel(const QString &text, QWidget *parent = nullptr);
QLabel *titleLabel(const QString &text, QWidget *parent = nullptr);

/// One line, elided in the middle, with the whole in its tool tip.
class ElidedLabel final : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    void setFullText(const QString &text);
    QString fullText() const { return m_full; }
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void elide();
    QString m_full;
};

/// A small button that copies what \a text yields, called after \a what, and says so for a moment.
QToolButton *copyButton(const QString &what, std::function<QString()> text, QWidget *parent);

/// Makes \a window as high as what it shows by now needs; never lower.
void growToFit(QWidget &window);

/// \a content in a frame that scrolls up and down where there is no room.
QScrollArea *scrolled(QWidget *content);

} // namespace Ui
