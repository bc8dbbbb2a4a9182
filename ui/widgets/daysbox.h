#pragma once

#include <QSpinBox>

namespace Ui {

/// For how many days a credential lasts.
class DaysBox final : public QSpinBox
{
    Q_OBJECT
public:
    /// \a name is what a screen reader calls it.
    DaysBox(const QString &name, int longest, int days, QWidget *parent);
};

} // namespace Ui
