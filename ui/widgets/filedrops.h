#pragma once

#include <QObject>

class QMimeData;
class QWidget;

namespace Ui {

/// One local file or folder dropped anywhere on a window, fields included: a field would take its
/// address for text.
class FileDrops final : public QObject
{
    Q_OBJECT
public:
    explicit FileDrops(QWidget &window);

    /// The one local file or folder of a drag; empty where it is something else.
    static QString pathIn(const QMimeData *data);

signals:
    void dropped(const QString &path);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget &m_window;
};

} // namespace Ui
