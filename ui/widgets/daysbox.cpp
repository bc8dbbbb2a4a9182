#include "ui/widgets/daysbox.h"

namespace Ui {

DaysBox::DaysBox(const QString &name, int longest, int days, QWidget *parent)
    : QSpinBox(parent)
{
    setAccessibleName(name);
    setRange(1, longest);
    const auto tell = [this](int value) { setSuffix(value == 1 ? tr(" day") : tr(" days")); };
    connect(this, &QSpinBox::valueChanged, this, tell);
    setValue(days);
    tell(days);
}

} // namespace Ui
