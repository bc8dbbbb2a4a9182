#pragma once

#include "envfile/inspection.h"

#include <QTreeWidget>

namespace Ui {

/// What each consumer would read from a file, and what of it is otherwise than meant.
class ConsumerTree final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit ConsumerTree(QWidget *parent = nullptr);

    void setInspection(const EnvFile::Inspection &inspection);
};

} // namespace Ui
