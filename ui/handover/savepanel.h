#pragma once

#include "core/result.h"
#include "envfile/format.h"

#include <QFrame>
#include <QStringList>
#include <functional>
#include <memory>

class QLabel;

namespace Ui {

/// Saves what is secret: asks where, says what speaks against that place or would be lost there,
/// and writes once that is accepted. Hidden while it has nothing to ask.
class SavePanel final : public QFrame
{
    Q_OBJECT
public:
    explicit SavePanel(QWidget *parent = nullptr);
    ~SavePanel() override;

    /// What is to be done at a place; both are called on another thread.
    struct Work
    {
        std::function<QStringList(const QString &path)> warnings;
        std::function<Core::Result<void>(const QString &path)> write;
    };
    /// The work for an environment file, or a folder of one.
    static Work environmentFile(const EnvFile::Format &format, const EnvFile::Variables &variables);

    /// Opens the dialog and calls \a chosen with the path, unless it is cancelled.
    void choose(const QString &title, const QString &fileName, bool isFolder,
                std::function<void(const QString &path)> chosen);
    /// Warns or writes; then \a done.
    void save(const QString &path, const Work &work,
              std::function<void(const Core::Result<void> &)> done);
    void cancel();

private:
    void ask(const QStringList &warnings);
    void write();

    QString m_path;
    Work m_work;
    std::function<void(const Core::Result<void> &)> m_done;
    QLabel *m_question;
    QLabel *m_warnings;
    std::unique_ptr<QObject> m_run;
};

} // namespace Ui
