#pragma once

#include "core/result.h"
#include "envfile/inspection.h"

#include <QDialog>
#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace Services {
struct Services;
}

namespace Ui {

class ConsumerTree;
class CredentialTrial;
class ErrorPanel;
class SavePanel;
class SecretClipboard;

/// Somebody else's environment file or folder: what each consumer would read from it, what is wrong
/// with it, whether its credential works, and the repaired text in any format, to save or copy.
/// Every value in it is taken for a secret.
class InspectDialog final : public QDialog
{
    Q_OBJECT
public:
    InspectDialog(Services::Services &services, SecretClipboard &clipboard,
                  QWidget *parent = nullptr);
    ~InspectDialog() override;

    /// Reads and inspects \a path on another thread.
    void openFile(const QString &path);
    /// Asks for a file, or for a folder with a file for each variable.
    void choose(bool folder = false);
    /// Where the repaired text goes, once a path is chosen.
    void saveTo(const QString &path);

signals:
    /// To keep the file's credential; the text is the file as it is, or a folder's variables.
    void keepRequested(const QString &text);

private:
    void makeFields();
    QLayout *makeRepair();
    QLayout *makeButtons();
    void show(const Core::Result<EnvFile::Inspection> &inspection);
    void preview();
    void copy();
    void keep();
    const EnvFile::Format &format() const;

    Services::Services &m_services;
    SecretClipboard &m_clipboard;
    QString m_path;
    EnvFile::Inspection m_inspection;
    QLabel *m_title;
    QLabel *m_defects;
    CredentialTrial *m_trial;
    ConsumerTree *m_consumers;
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
