#pragma once

#include "identity/serviceprincipal.h"

#include <QWidget>

class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace Ui {

class PrincipalModel;

/// The principals at the left: grouped by environment, with a search field and the button that adds one.
class Rail final : public QWidget
{
    Q_OBJECT
public:
    explicit Rail(PrincipalModel &model, QWidget *parent = nullptr);

    /// Selects the principal with \a id; nothing where it is not there.
    void select(const QString &id);

signals:
    void selected(const QString &id); ///< empty when nothing is
    void addRequested();
    void registerRequested();
    void restoreRequested();
    void sandboxRequested();
    void isolationRequested();
    void expiryRequested();
    /// Clicked or entered, though it may be selected already.
    void opened();

private:
    PrincipalModel &m_model;
    QSortFilterProxyModel *m_filtered;
    QTreeView *m_tree;
};

} // namespace Ui
