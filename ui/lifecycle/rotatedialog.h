#pragma once

#include "lifecycle/rotatecredential.h"
#include "ui/lifecycle/partsfor.h"
#include "ui/lifecycle/rotationwords.h"

#include <QDialog>
#include <memory>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Ui {

class DaysBox;
class ErrorPanel;
class NameConfirmation;
class StepList;

/// Replaces a principal's secret or certificate, with overlap: each step is seen, the old one goes
/// only when its principal's name was typed, and what stopped goes on where it stopped.
class RotateDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Without \a parts the signed-in operator's are used.
    RotateDialog(Services::Services &services, Identity::ServicePrincipal principal,
                 QWidget *parent = nullptr, PartsFor parts = {});
    ~RotateDialog() override;

    /// Stops what is under way, and closes; another dialog goes on from there.
    void done(int result) override;

signals:
    void changed(); ///< of the principal's credential, or of how far it has come

private:
    QWidget *makeBegin();
    void makeEnd();
    void readJournal();
    void begin();
    void takeBack();
    void removeOld();
    std::unique_ptr<Lifecycle::RotateCredential> makeFlow();
    void confirmationNeeded(const Lifecycle::Rotation &rotation, const QStringList &remarks);
    void finished(const Lifecycle::Rotation &rotation, const QStringList &remarks);
    void failed(const Core::Error &error, const Lifecycle::Rotation &rotation);
    void setBusy(bool busy);
    void show(const Lifecycle::Rotation &rotation, const QStringList &remarks,
              const QString &sentence);

    Services::Services &m_services;
    Identity::ServicePrincipal m_principal;
    PartsFor m_partsFor;
    RotationWords m_words;
    bool m_underWay = false; ///< a journal says so
    bool m_mayTakeBack = false;
    bool m_ended = false;
    QLabel *m_state;
    QWidget *m_begin;
    DaysBox *m_days;
    QLineEdit *m_replaces;
    StepList *m_steps;
    QLabel *m_remarks;
    QLabel *m_command;
    NameConfirmation *m_end; ///< removes the old one
    QPushButton *m_takeBack;
    QPushButton *m_go;
    QPushButton *m_close;
    ErrorPanel *m_error;
    std::unique_ptr<Lifecycle::RotateCredential> m_flow;
};

} // namespace Ui
