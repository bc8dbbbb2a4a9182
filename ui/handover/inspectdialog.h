#pragma once

#include "core/result.h"
#include "envfile/inspection.h"

#include <QDialog>
#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QMimeData;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;

namespace Ui {

class ErrorPanel;
class SavePanel;
class SecretClipboard;

/// Somebody else's environment file: what each consumer would read from it, what is wrong with it,
/// and the repaired text in any format, to save or copy. Every value in it is taken for a secret.
class InspectDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit InspectDialog(SecretClipboard &clipboard, QWidget *parent = nullptr);
    ~InspectDialog() override;

    /// Reads and inspects \a path on another thread.
    void openFile(const QString &path);
    /// Asks for a file.
    void choose();
    /// Where the repaired text goes, once a path is chosen.
    void saveTo(const QString &path);

    /// The one local file of a drag; empty where it is something else.
    static QString droppedFile(const QMimeData *data);

signals:
    /// To keep the file's credential; the text is the file as it is.
    void keepRequested(const QString &text);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeFields();
    QLayout *makeRepair();
    QLayout *makeButtons();
    void show(const Core::Result<EnvFile::Inspection> &inspection);
    void showConsumers();
    void preview();
    void copy();
    void keep();
    const EnvFile::Format &format() const;

    SecretClipboard &m_clipboard;
    QString m_path;
    EnvFile::Inspection m_inspection;
    QLabel *m_title;
    QLabel *m_defects;
    QTreeWidget *m_consumers;
    QComboBox *m_format;
    QCheckBox *m_reveal;
    QPlainTextEdit *m_text;
    QLabel *m_status;
    QPushButton *m_save;
    QPushButton *m_copy;
    QPushButton *m_keep;
    ErrorPanel *m_error;
    SavePanel *m_saving;
    std::unique_ptr<QObject> m_work;
};

} // namespace Ui
