#pragma once

#include "handover/consumercheck.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace Ui {

/// Lets the programs installed here read what would be handed over, and lists what each made of it.
class VerifyPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit VerifyPanel(QWidget *parent = nullptr);

    /// The button; a page puts it beside its others.
    QPushButton *button() const { return m_button; }
    void start(const EnvFile::Format &format, const EnvFile::Variables &variables);
    /// Ends what runs and forgets what was found.
    void clear();

signals:
    void requested();

private:
    void press();
    void add(const Handover::ConsumerAnswer &answer);
    void finish(const QString &summary);

    Handover::ConsumerCheck m_check;
    QPushButton *m_button;
    QLabel *m_summary;
    QTreeWidget *m_list;
    int m_good = 0;
    int m_bad = 0;
};

} // namespace Ui
