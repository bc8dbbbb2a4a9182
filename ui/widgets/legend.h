#pragma once

#include <QWidget>

namespace Ui {

/// What the marks of the access matrix mean, in one line; wraps where there is no room.
class Legend final : public QWidget
{
    Q_OBJECT
public:
    explicit Legend(QWidget *parent = nullptr);

    /// Also explains the marks of a contract.
    void setContract(bool shown);

    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int layOut(int width, class QPainter *painter) const;
    void describe();

    bool m_contract = false;
};

} // namespace Ui
