#pragma once

#include "identity/serviceprincipal.h"
#include "services/rightsreader.h"

#include <QStringList>
#include <QWidget>
#include <optional>

class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace Ui {

/// What a check needs to know: the account, the containers, and through whose eyes the roles are
/// read. Shows its progress.
class CheckBar final : public QWidget
{
    Q_OBJECT
public:
    explicit CheckBar(QWidget *parent = nullptr);

    /// Offers the principal's accounts; keeps what was typed while it is the same principal.
    void setPrincipal(const Identity::ServicePrincipal &principal, bool same);
    void setChecking(bool checking);
    void setProgress(int done, int total);
    /// More buttons at the end of the second line.
    void addTool(QWidget *tool);

    QString account() const;
    QStringList containers() const;
    std::optional<Services::RightsSource> predict() const; ///< nothing: only what is observed
    QString predictName() const; ///< "off", "self", "az" or a file, to be remembered
    void setPredictName(const QString &name);

signals:
    void checkRequested();
    void cancelRequested();

private:
    QWidget *makeFirstLine();
    QWidget *makeSecondLine();
    void predictChosen(int index);
    void takeFile(const QString &path);

    QComboBox *m_account;
    QLineEdit *m_containers;
    QComboBox *m_predict;
    QPushButton *m_check;
    QPushButton *m_cancel;
    QProgressBar *m_progress;
    QHBoxLayout *m_tools;
    int m_lastPredict = 0; ///< to return to when no file was chosen
};

} // namespace Ui
