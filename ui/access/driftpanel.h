#pragma once

#include "access/drift.h"

#include <QWidget>
#include <optional>

class QLabel;
class QTableView;

namespace Ui {

class DriftModel;

/// What is another since the last check of the same principal at the same account.
class DriftPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit DriftPanel(QWidget *parent = nullptr);

    /// Nothing: there was no check before.
    void setDrift(const std::optional<Access::Drift> &drift);

signals:
    void changeChosen(const QString &container, const QString &operation);

private:
    DriftModel *m_model;
    QLabel *m_title;
    QTableView *m_table;
};

} // namespace Ui
