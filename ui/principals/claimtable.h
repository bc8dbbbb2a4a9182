#pragma once

#include "identity/accesstoken.h"

#include <QTableWidget>

namespace Ui {

/// What a token says of itself, and what each of it means.
class ClaimTable final : public QTableWidget
{
    Q_OBJECT
public:
    explicit ClaimTable(QWidget *parent = nullptr);

    void setClaims(const Identity::TokenClaims &claims);
};

} // namespace Ui
