#pragma once

#include <QByteArray>
#include <QList>
#include <QPushButton>
#include <functional>

namespace Core {
struct Error;
}

namespace Ui {

/// Saves a report in one of the forms that its menu offers.
class ReportButton final : public QPushButton
{
    Q_OBJECT
public:
    struct Form
    {
        QString title;
        QString suffix;
        std::function<QByteArray()> write; ///< called on another thread when the file was chosen
    };

    explicit ReportButton(QWidget *parent = nullptr);

    /// \a stem: of the file's name, as it is proposed. Without forms there is nothing to save.
    void setForms(const QString &stem, const QList<Form> &forms);

signals:
    void saved(const QString &path);
    void failed(const Core::Error &error);

private:
    void allow();
    void save(const Form &form);
    void write(const Form &form, const QString &path);

    QString m_stem;
    bool m_writing = false; ///< a report of thousands of cells takes its seconds
};

} // namespace Ui
