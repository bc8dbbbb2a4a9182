#pragma once

#include <QListWidget>

namespace Ui {

/// The steps of something that takes a while: those done, and the one under way. Hidden while there
/// are none.
class StepList final : public QListWidget
{
    Q_OBJECT
public:
    explicit StepList(QWidget *parent = nullptr);

    void restart();
    /// The step under way is done, and \a text begins.
    void begin(const QString &text);
    void succeed(); ///< the last one is done
    void fail();    ///< the last one failed

private:
    void mark(QChar sign, const QString &word);
};

} // namespace Ui
